import Foundation
import Testing

/// The Debian package, made of this build's programs.
@Suite(
    .serialized, .enabled(if: Sandbox.obstacle == nil, "\(Sandbox.obstacle ?? "")"),
    .enabled(if: Sandbox.hasDebianTools, "needs dpkg-dev, binutils and debconf"),
    .timeLimit(.minutes(8)))
struct PackageTests {
    @Test("it installs without starting anything, upgrades without a lost request, keeps data until a purge is sure")
    func lifeCycle() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        // What is left behind when it fails is a temporary file.
        defer { try? FileManager.default.removeItem(at: directory) }
        var arguments: [String] = []
        for (name, version) in [("old", "0.0.1"), ("new", "0.0.2")] {
            let built = try await Sandbox.execute(
                Sandbox.package.appending(path: "packaging/deb/build").path,
                [Sandbox.binaries.path, directory.appending(path: name).path],
                environment: ["COMPRESSION": "none", "VERSION": version])
            try #require(built.exitCode == 0, "\(built.text)")
            let package = built.text.split(separator: "\n").last.map(String.init) ?? ""
            arguments += ["-b", "\(package):/packages/\(name).deb"]
        }
        let outcome = try await Sandbox.run("package", arguments)
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }
}

/// Manuals and help say the same.
@Suite struct ManualTests {
    @Test(
        "every subcommand and option of a command is in its manual", arguments: ["supervisor", "worker", "api-gateway"])
    func complete(program: String) async throws {
        let page = Sandbox.package.appending(path: "docs/man/torbox-backend-\(program).8")
        let manual = try String(contentsOf: page, encoding: .utf8)
        let dump = try await Sandbox.execute(
            Sandbox.binaries.appending(path: program).path, ["--experimental-dump-help"])
        let help = try JSONDecoder().decode(Help.self, from: Data(dump.text.utf8))
        let subcommands = (help.command.subcommands ?? []).filter { $0.commandName != "help" }
        #expect(!subcommands.isEmpty)
        for command in subcommands {
            #expect(manual.contains(".Cm \(command.commandName)"), "\(command.commandName)")
            for option in (command.arguments ?? []).flatMap({ $0.names ?? [] }) where option.kind == "long" {
                guard option.name != "help", option.name != "version" else { continue }
                #expect(manual.contains("Fl -\(option.name)"), "\(command.commandName) --\(option.name)")
            }
        }
    }

    private struct Help: Decodable {
        struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable {
                    var kind: String
                    var name: String
                }
                var names: [Name]?
            }
            var commandName: String
            var subcommands: [Command]?
            var arguments: [Argument]?
        }
        var command: Command
    }
}
