import DomainModel
import Foundation
import ServiceHarness

/// `supervisor status` and its neighbours, run against a fixture.
enum OperatorCommand {
    struct Outcome {
        var exitCode: Int32
        var text: String
    }

    static func run(_ arguments: String..., on fixture: Fixture) async throws -> Outcome {
        try await run(arguments, dataDirectory: fixture.directory.path)
    }

    static func run(_ arguments: [String], dataDirectory: String, environment: [String: String] = [:])
        async throws -> Outcome
    {
        let command = try ServiceProcess(
            binaries: Binaries.directory, environment: environment.merging(["DATA_DIR": dataDirectory]) { $1 },
            arguments: arguments)
        defer { command.killAll() }
        let code = try await command.exitCode()
        // The pipe may be read a moment after the exit; every command prints something.
        _ = try await eventually(within: .seconds(2)) { !command.lines.isEmpty }
        return Outcome(exitCode: code, text: command.lines.joined(separator: "\n"))
    }

    /// `status --json`, null when the output is no JSON.
    static func status(of fixture: Fixture) async throws -> JSONValue {
        var value = JSONValue.null
        _ = try await eventually(within: .seconds(5)) {
            let text = try await run("status", "--json", on: fixture).text
            // Half of the output is no JSON yet; then it is asked again.
            value = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
            return value != .null
        }
        return value
    }

    /// A process of a status by its name.
    static func child(_ name: String, of status: JSONValue) -> JSONValue? {
        status["children"]?.arrayValue?.first { $0["name"]?.stringValue == name }
    }
}
