import Testing

/// The real unit with the real programs under a real systemd; the checks themselves are shell scripts in `Checks`.
@Suite(
    .serialized, .enabled(if: Sandbox.obstacle == nil, "\(Sandbox.obstacle ?? "")"),
    .timeLimit(.minutes(5)))
struct ServiceUnitTests {
    @Test("a connection starts it, status tells how it is, the credential is used, a stop is clean and keeps the data")
    func lifecycle() async throws { try await check("lifecycle") }

    @Test("kill -9 of worker, gateway and supervisor: each comes back and no connection is refused")
    func recovery() async throws { try await check("recovery") }

    @Test("a supervisor that stands still is killed by the watchdog and replaced")
    func watchdog() async throws { try await check("watchdog") }

    @Test("bad settings: a reload changes nothing and says so, a start fails once; without a key nothing starts")
    func settings() async throws { try await check("settings") }

    @Test("the journal has entries with fields, and no secret")
    func journal() async throws { try await check("journal") }

    private func check(_ name: String) async throws {
        let outcome = try await Sandbox.run(name)
        #expect(outcome.exitCode == 0, "\(outcome.text)")
    }
}
