import Testing

@testable import SupervisorCore

@Suite struct ExitDispositionTests {
    @Test(
        "every end but exit code 78 means another start",
        arguments: [
            ProcessExit.exited(0), .exited(1), .exited(70), .exited(75), .exited(127), .signalled(9), .signalled(78),
        ])
    func restarts(status: ProcessExit) { #expect(ExitDisposition(status) == .restart) }

    @Test("exit code 78 is never tried again and stops the house") func escalates() {
        #expect(ExitDisposition(.exited(78)) == .escalate(78))
    }
}
