import Foundation
import GatewayCore
import ServiceSupport
import SupervisorCore
import Testing
import WorkerCore

/// README's promises about settings hold.
@Suite struct ReadmeTests {
    /// Settings that processes hand to each other or get from systemd; nobody sets them.
    static let internalKeys: Set<String> = [
        "RUNTIME_DIRECTORY", "LISTEN_FDS", "LISTEN_PID", "TORBOX_CONTROL_FD", "TORBOX_LISTEN_FD",
    ]

    @Test("README's table has every setting that a process reads, and no other")
    func settingsTable() throws {
        let documented = Set(try rows().map(\.key))
        let read = Set(effectiveSettings().map(\.key)).subtracting(Self.internalKeys)
        #expect(read.subtracting(documented) == [])
        #expect(documented.subtracting(read) == [])
    }

    @Test("the defaults that README states are those that apply")
    func defaults() throws {
        let effective = Dictionary(effectiveSettings().map { ($0.key, $0.value) }) { first, _ in first }
        // A secret's default is not shown by the reader either.
        for row in try rows() where row.default.first == "`" && !row.meaning.contains("secret") {
            let stated = row.default.trimmingCharacters(in: ["`"])
            guard !stated.contains("DATA_DIR"), !stated.contains("RUNTIME_DIRECTORY") else { continue }
            #expect(
                effective[row.key].map { Double($0) ?? 0 == Double(stated) ?? -1 || $0 == stated } == true, "\(row)")
        }
    }

    @Test("README opens with the two commands")
    func opening() throws {
        let lines = try readme().split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "```sh"))
        #expect(start <= 1)
        #expect(lines[start + 1].hasPrefix("make run "))
        #expect(lines[start + 2].hasPrefix("make test "))
    }

    @Test("every folder of README's map exists")
    func map() throws {
        let folders = try readme().split(separator: "\n").filter { $0.hasPrefix("| `Sources/") }.compactMap { line in
            line.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(folders.count >= 5)
        for folder in folders {
            #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(folder).path), "\(folder)")
        }
    }

    @Test("every guarantee names tests that exist")
    func guarantees() throws {
        let section = try #require(try readme().components(separatedBy: "## Guarantees").last)
            .components(separatedBy: "\n## ")[0]
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| promise") }
        #expect(rows.count >= 10)
        let sources = try testSources()
        for row in rows {
            let names = row.matches(of: /`(\w+Tests)\.(\w+)`/)
            #expect(!names.isEmpty, "no test is named: \(row)")
            for name in names {
                let source = sources["\(name.1).swift"]
                #expect(source?.contains("func \(name.2)(") == true, "there is no \(name.1).\(name.2)")
            }
        }
    }

    /// The text of every test file by its name.
    private func testSources() throws -> [String: String] {
        let tests = Self.root.appendingPathComponent("Tests")
        let paths = FileManager.default.enumerator(atPath: tests.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix("Tests.swift") }.reduce(into: [:]) { sources, path in
            let url = tests.appendingPathComponent(path)
            sources[url.lastPathComponent] = try String(contentsOf: url, encoding: .utf8)
        }
    }

    // MARK: Reading

    private struct Row {
        var key: String
        var `default`: String
        var meaning: String
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func readme() throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    /// The rows of the table under "Configure".
    private func rows() throws -> [Row] {
        let section = try #require(try readme().components(separatedBy: "## Configure").last)
            .components(separatedBy: "\n## ")[0]
        return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(key: cells[0].trimmingCharacters(in: ["`"]), default: cells[1], meaning: cells[2])
        }
    }

    private func effectiveSettings() -> [SettingsReader.Effective] {
        let reader = SettingsReader.variables([:])
        _ = SupervisorConfiguration(reader: reader, currentDirectory: "/", processID: 1)
        // Without any variable there is nothing to complain about.
        _ = try? WorkerConfiguration(reader)
        _ = GatewayConfiguration(reading: reader)
        return reader.effective
    }
}
