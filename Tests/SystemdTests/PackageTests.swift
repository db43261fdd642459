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
        let programs = directory.appending(path: "programs")
        try OneProgram.install(["supervisor", "worker", "api-gateway"], in: programs)
        var arguments: [String] = []
        for (name, version) in [("old", "0.0.1"), ("new", "0.0.2")] {
            let built = try await Sandbox.execute(
                Sandbox.package.appending(path: "packaging/deb/build").path,
                [programs.path, directory.appending(path: name).path],
                environment: ["COMPRESSION": "none", "VERSION": version])
            try #require(built.exitCode == 0, "\(built.text)")
            let package = built.text.split(separator: "\n").last.map(String.init) ?? ""
            arguments += ["-b", "\(package):/packages/\(name).deb"]
        }
        let outcome = try await Sandbox.run("package", arguments)
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }
}

/// What `make build` makes: one file by several names.
private enum OneProgram {
    static func install(_ names: [String], in directory: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: directory, withIntermediateDirectories: true)
        // Copied once, because links do not reach into another file system.
        let file = directory.appending(path: "torbox-backend")
        try files.copyItem(at: Sandbox.binaries.appending(path: "torbox-backend"), to: file)
        for name in names { try files.linkItem(at: file, to: directory.appending(path: name)) }
    }
}

@Suite struct OneProgramTests {
    @Test("by each name, or a longer one, it is that program; by its own it says how to be called; it lacks libpq")
    func names() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        // What is left behind when it fails is a temporary file.
        defer { try? FileManager.default.removeItem(at: directory) }
        let names = ["supervisor", "worker", "api-gateway", "torbox-backend-worker"]
        try OneProgram.install(names, in: directory)
        for name in names {
            let alone = name == "torbox-backend-worker" ? "worker" : name
            let expected = try await Sandbox.execute(Sandbox.binaries.appending(path: alone).path, ["--help"])
            let outcome = try await Sandbox.execute(directory.appending(path: name).path, ["--help"])
            #expect(outcome.exitCode == 0)
            #expect(outcome.text == expected.text, "\(name)")
        }
        let libraries = try await Sandbox.execute("/usr/bin/ldd", [directory.appending(path: "worker").path]).text
        #expect(libraries.contains("libsqlite3"))
        #expect(!libraries.contains("libpq"), "costs every process 2 MB, and is loaded by those who need it")
        let nobody = try await Sandbox.execute(directory.appending(path: "torbox-backend").path, ["--help"])
        #expect(nobody.exitCode == 64)
        #expect(nobody.text.contains("run it as supervisor, worker or api-gateway"))
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
