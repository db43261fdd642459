import Foundation

/// `torbox-micro CASE COUNT`: does one small thing COUNT times, for `Benchmarks/micro` to count the instructions of it.
@main
enum Micro {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 3, let count = Int(words[2]), let work = MicroCase(rawValue: words[1]) else {
            print("usage: torbox-micro \(MicroCase.allCases.map(\.rawValue).joined(separator: "|")) COUNT")
            exit(64)
        }
        try work.run(count)
    }
}
