import Foundation
import ServiceSupport
import Testing

@Suite struct CredentialsTests {
    private func directory(_ files: [String: String]) throws -> String {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: directory.appending(path: name), atomically: false, encoding: .utf8)
        }
        return directory.path
    }

    @Test("a credential wins over the variable, loses its line end, and is never shown") func wins() throws {
        let reader = SettingsReader.variables(
            ["ENCRYPTION_KEY": "from the environment"],
            credentialsDirectory: try directory(["encryption-key": "from a credential\n", "other": "x"]))
        #expect(reader.secret("ENCRYPTION_KEY") == "from a credential")
        #expect(reader.problems.isEmpty)
        #expect(reader.effective.map(\.value) == ["<redacted>"])
    }

    @Test("no directory and no file leave the variable in force") func absent() throws {
        for place in [nil, "", "/no/such/place", try directory([:])] {
            let reader = SettingsReader.variables(["DATABASE_URL": "postgres://x"], credentialsDirectory: place)
            #expect(reader.secret("DATABASE_URL") == "postgres://x")
            #expect(reader.problems.isEmpty)
        }
    }

    @Test("an empty credential is a problem and not a missing key") func empty() throws {
        let reader = SettingsReader.variables([:], credentialsDirectory: try directory(["encryption-key": " \n"]))
        #expect(reader.problems.map(\.key) == ["ENCRYPTION_KEY"])
    }
}
