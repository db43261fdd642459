import ServiceSupport
import Testing

@Suite struct DeadlineTests {
    private struct Refused: Error {}

    @Test("a result in time is returned")
    func inTime() async throws {
        #expect(try await withDeadline(.seconds(60), "adding") { 2 + 2 } == 4)
    }

    @Test("an error in time is thrown as it is")
    func errors() async {
        await #expect(throws: Refused.self) {
            try await withDeadline(.seconds(60), "asking") { throw Refused() }
        }
    }

    @Test("what takes too long is cancelled and reported with its name and its limit")
    func tooLong() async {
        let limit = Duration.milliseconds(20)
        await #expect(throws: DeadlineExceeded(operation: "waiting", after: limit)) {
            try await withDeadline(limit, "waiting") { try await Task.sleep(for: .seconds(600)) }
        }
    }

    @Test("a caller that is cancelled gets what the body makes of it, never a time-out")
    func cancelled() async {
        let outcome = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await withDeadline(.seconds(60), "waiting") { try await Task.sleep(for: .seconds(600)) }
        }.result
        #expect(throws: CancellationError.self) { try outcome.get() }
    }

    @Test("a body that finishes in spite of cancellation keeps its result")
    func finishesAnyway() async throws {
        let outcome = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await withDeadline(.seconds(60), "committing") {
                // The wait for the deadline ends before the body does, as it would with a slow commit.
                for _ in 0..<1_000 { await Task.yield() }
                return "committed"
            }
        }.result
        #expect(try outcome.get() == "committed")
    }

    @Test("a deadline carries what is left and is never negative")
    func remaining() {
        let past = Deadline(.now.advanced(by: .seconds(-5)))
        #expect(past.isPast && past.remaining == .zero)
        let ahead = Deadline.after(.seconds(600))
        #expect(!ahead.isPast && ahead.remaining > .seconds(500) && ahead.remaining <= .seconds(600))
    }

    @Test("the error says what took longer than what")
    func words() {
        #expect(
            "\(DeadlineExceeded(operation: "draining", after: .seconds(25)))"
                == "draining took longer than 25.0 seconds")
    }
}
