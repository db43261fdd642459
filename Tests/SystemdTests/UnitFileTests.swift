import Foundation
import Testing

/// What can be said about the unit files without starting anything.
@Suite struct UnitFileTests {
    private static let units = Sandbox.package.appending(path: "systemd")

    @Test("systemd's own audit gives 1.2 or better", .enabled(if: Sandbox.hasAnalyzer, "needs systemd-analyze"))
    func exposure() async throws {
        let outcome = try await Sandbox.execute(
            "/usr/bin/systemd-analyze",
            ["security", "--no-pager", "--offline=yes", "--threshold=12", unit("torbox-backend.service")])
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }

    @Test(
        "every line that sets something is explained above it or above its group",
        arguments: [
            "torbox-backend.service", "torbox-backend.socket", "environment.example",
        ])
    func comments(name: String) throws {
        let lines = try String(contentsOfFile: unit(name), encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var sinceComment = 0
        for line in lines {
            if line.hasPrefix("# ") {
                sinceComment = 0
            } else if line.contains("=") {
                sinceComment += 1
                #expect(sinceComment <= 8, "\(name): no comment near \(line)")
            }
        }
    }

    private func unit(_ name: String) -> String { Self.units.appending(path: name).path }
}
