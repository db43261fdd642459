import Testing

@testable import TorBoxClient

@Suite struct OutageStateTests {
    private func paused(at moment: Duration = .zero) -> OutageState {
        var state = OutageState()
        for _ in 1...5 { _ = state.handle(.unreachable, at: moment) }
        return state
    }

    @Test("the fifth failure in a row pauses")
    func pauses() {
        var state = OutageState()
        for _ in 1...4 { #expect(state.handle(.unreachable, at: .zero) == nil) }
        #expect(!state.isPaused)
        #expect(state.failuresInARow == 4)
        #expect(state.handle(.unreachable, at: .zero) == .paused)
        #expect(state.isPaused)
    }

    @Test("a success between failures starts the count anew")
    func resets() {
        var state = OutageState()
        for _ in 1...4 { _ = state.handle(.unreachable, at: .zero) }
        #expect(state.handle(.reached, at: .zero) == nil)
        for _ in 1...4 { #expect(state.handle(.unreachable, at: .zero) == nil) }
    }

    @Test("the first probe is due after the least pause, each further one after the interval")
    func schedule() {
        var state = paused(at: .seconds(10))
        #expect(state.nextProbe == .seconds(130))
        #expect(state.handle(.probeFailed, at: .seconds(135)) == nil)
        #expect(state.nextProbe == .seconds(315))
        #expect(state.isPaused)
    }

    @Test("late failures of calls under way do not put the probe off")
    func lateFailures() {
        var state = paused()
        #expect(state.handle(.unreachable, at: .seconds(60)) == nil)
        #expect(state.nextProbe == .seconds(120))
    }

    @Test("any success resumes, and the count begins at zero")
    func resumes() {
        var state = paused()
        #expect(state.handle(.reached, at: .seconds(130)) == .resumed)
        #expect(state.nextProbe == nil)
        #expect(state.failuresInARow == 0)
    }

    @Test("all numbers are parameters")
    func parameters() {
        var parameters = OutageState.Parameters()
        parameters.failuresToPause = 1
        parameters.minimumPause = .seconds(1)
        parameters.probeInterval = .seconds(2)
        var state = OutageState(parameters)
        #expect(state.handle(.unreachable, at: .zero) == .paused)
        #expect(state.nextProbe == .seconds(1))
        _ = state.handle(.probeFailed, at: .seconds(1))
        #expect(state.nextProbe == .seconds(3))
    }

    @Test("a probe that fails while active changes nothing")
    func probeWhileActive() {
        var state = OutageState()
        #expect(state.handle(.probeFailed, at: .zero) == nil)
        #expect(state == OutageState())
    }
}
