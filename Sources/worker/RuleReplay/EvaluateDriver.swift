/// Runs ``EvaluateCommand`` over all lines of a stream.
package enum EvaluateDriver {
    /// Every line was a case.
    package static let success: Int32 = 0
    /// At least one line was malformed (the usual code for bad input data). The others were still evaluated.
    package static let dataError: Int32 = 65

    /// Reads lines until `nextLine` gives nil, hands answers to `output` and messages about malformed lines to
    /// `report`, both without line ends and in the order of the lines. Returns the exit code.
    package static func run(
        nextLine: () throws -> [UInt8]?, output: (String) throws -> Void, report: (String) throws -> Void
    ) rethrows -> Int32 {
        var (number, exitCode) = (0, success)
        while let line = try nextLine() {
            number += 1
            switch EvaluateCommand.run(line: line, number: number) {
            case .output(let text): try output(text)
            case .blank: continue
            case .malformed(let message):
                exitCode = dataError
                try report(message)
            }
        }
        return exitCode
    }
}
