import ArgumentParser
import Foundation
import RuleReplay

/// `worker evaluate`: tries rules on saved lists, a JSON line each way.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read cases as JSON lines on standard input and print one JSON line with the verdict for each.",
        discussion: "A line that cannot be read is reported on standard error by its number; the exit code is then 65.")

    func run() throws {
        let output = FileHandle.standardOutput
        let report = FileHandle.standardError
        let code = try EvaluateDriver.run(
            nextLine: { readLine(strippingNewline: true).map { Array($0.utf8) } },
            output: { try output.write(contentsOf: Data("\($0)\n".utf8)) },
            report: { try report.write(contentsOf: Data("worker evaluate: \($0)\n".utf8)) })
        throw ArgumentParser.ExitCode(code)
    }
}
