import DomainModel
import Foundation
import ServiceHarness
import StockFixture

/// `worker adopt` as a process of its own, so that it can be killed.
final class AdoptProcess: Sendable {
    struct Outcome {
        var exitCode: Int32
        /// Standard output.
        var text: String
        var errors: String

        /// The report of `--json`; null when there is none.
        var report: JSONValue {
            // What is no JSON shows in the comparison that follows.
            (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
        }
    }

    private let process = Process()
    private let output: URL
    private let errors: URL

    init(_ arguments: [String], environment: [String: String], scratch: TemporaryDirectory) throws {
        let name = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        output = scratch.url.appendingPathComponent("\(name).out")
        errors = scratch.url.appendingPathComponent("\(name).err")
        for file in [output, errors] { try Data().write(to: file) }
        process.executableURL = Binaries.directory.appendingPathComponent("worker")
        process.arguments = ["adopt"] + arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { first, _ in first }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func kill() { Glibc.kill(process.processIdentifier, SIGKILL) }

    func outcome() async throws -> Outcome {
        _ = try await eventually(within: .seconds(600)) { !self.process.isRunning }
        let text = try String(contentsOf: output, encoding: .utf8)
        return Outcome(
            exitCode: process.terminationStatus, text: text, errors: try String(contentsOf: errors, encoding: .utf8))
    }
}
