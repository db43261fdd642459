import DomainModel
import Testing
import UserStore

@testable import WorkerCore

@Suite struct UploadGateTests {
    private let policy = UploadPolicy()

    /// Attempts at those seconds after noon, newest first.
    private func journal(_ entries: (Int64, UploadAttempt.Outcome)...) -> [UploadAttempt] {
        entries.enumerated().map { index, entry in
            UploadAttempt(
                id: Int64(100 - index), upload: 1, outcome: entry.1, status: entry.1 == .success ? 200 : nil,
                at: noon(entry.0))
        }
    }

    private func gate(
        _ attempts: [UploadAttempt], _ allowance: UploadAllowance? = nil, at seconds: Int64 = 0,
        reachable: Timestamp? = nil, renewed: Timestamp? = nil
    ) -> UploadGate? {
        UploadGate.closed(
            after: attempts, policy, allowance: allowance, at: noon(seconds), reachable: reachable, renewed: renewed)
    }

    @Test("an empty journal, and one that ends in success, leave the way open")
    func open() {
        #expect(gate([]) == nil)
        #expect(gate(journal((-1, .success), (-2, .notSent), (-3, .notSent), (-4, .notSent))) == nil)
        #expect(gate(journal((-1, .init(code: "BOZO_NZB")), (-2, .lost))) == nil)
    }

    @Test(
        "trouble with the connection rests for 30 s, from the third time in a row for 15 min",
        arguments: [(1, 30), (2, 30), (3, 900), (9, 900)])
    func strikes(count: Int, rest: Int64) {
        let outcomes: [UploadAttempt.Outcome] = [.lost, .notSent, .notCreated]
        let attempts = (0..<count).map {
            UploadAttempt(id: Int64(50 - $0), upload: 1, outcome: outcomes[$0 % 3], at: noon(-Int64($0) * 60))
        }
        let closed = gate(attempts)
        #expect(closed?.until == noon(rest) && closed?.reason == .connection)
        #expect(closed?.message == (count < 3 ? UploadMessage.connection : UploadMessage.unavailable))
        #expect(gate(attempts, at: rest) == nil)
        #expect(gate(attempts, reachable: noon(1)) == nil)
        #expect(gate(attempts, reachable: noon(-10_000)) != nil)
    }

    @Test("a call under way, or cut off by a crash, is no strike")
    func pending() { #expect(gate(journal((0, .pending), (-1, .pending), (-2, .pending))) == nil) }

    @Test("what TorBox says of its limit holds until its time, or until it takes one again")
    func limits() {
        let limited = UploadAttempt(id: 9, upload: 1, outcome: .limited, status: 429, at: noon, retryAt: noon(120))
        #expect(gate([limited])?.until == noon(120))
        #expect(gate([limited])?.message == UploadMessage.rateLimit)
        #expect(gate([limited], at: 120) == nil)
        #expect(gate(journal((1, .success)) + [limited], at: 1) == nil)
        #expect(gate(journal((1, .init(code: "BOZO_NZB"))) + [limited], at: 1)?.until == noon(120))
    }

    @Test("sixty uncached creates in an hour close the kind until the oldest leaves it; cached ones do not count")
    func hourly() {
        let used = (0..<60).map {
            UploadAttempt(id: Int64(99 - $0), upload: 1, outcome: .success, status: 200, at: noon(-Int64($0) * 50 - 1))
        }
        let closed = gate(used)
        #expect(closed?.until == noon(3_600 - 2_951) && closed?.reason == .uncachedLimit)
        #expect(closed?.message == UploadMessage.uncachedLimit)
        #expect(gate(Array(used.dropLast())) == nil)
        var cached = used
        cached[0].wasCached = true
        #expect(gate(cached) == nil)
        var open = used
        open[0].outcome = .lost
        #expect(gate(open)?.reason == .uncachedLimit)
    }

    @Test("TorBox's own figures go before our count")
    func allowance() {
        let spent = UploadAllowance(limit: 60, remaining: 0, resetAt: noon(500), at: noon)
        #expect(gate([], spent)?.until == noon(500))
        #expect(gate([], spent, at: 500) == nil)
        let minute = UploadAllowance(limit: 300, remaining: 0, resetAt: noon(30), at: noon)
        #expect(gate([], minute) == nil)
        let small = UploadAllowance(limit: 2, remaining: 1, resetAt: noon(500), at: noon)
        #expect(gate(journal((-5, .success), (-9, .success)), small)?.until == noon(3_591))
    }

    @Test("TorBox's trouble with single uploads rests the kind only when it goes on")
    func stumbles() {
        #expect(gate(journal((0, .doubtful), (-1, .troubled))) == nil)
        #expect(gate(journal((0, .doubtful), (-1, .troubled), (-2, .troubled)))?.until == noon(30))
        #expect(gate(journal((0, .troubled), (-1, .troubled), (-2, .troubled), (-3, .troubled)))?.until == noon(60))
    }

    @Test("a refused key rests longer each time, an hour at most, and a renewed one not at all")
    func keys() {
        #expect(gate(journal((0, .unauthorized)))?.until == noon(300))
        #expect(gate(journal((0, .unauthorized), (-9, .unauthorized)))?.until == noon(600))
        let many = (0..<20).map {
            UploadAttempt(id: Int64(50 - $0), upload: 1, outcome: .unauthorized, at: noon(-Int64($0)))
        }
        #expect(gate(many)?.until == noon(3_600))
        #expect(gate(many, renewed: noon(1)) == nil)
    }

    @Test("the edge takes ten calls a minute")
    func edge() {
        let calls = (0..<10).map {
            UploadAttempt(
                id: Int64(20 - $0), upload: 1, outcome: .init(code: "X"), status: 400, at: noon(-Int64($0) * 5))
        }
        #expect(UploadBudget(calls, at: noon).edgeReset(limit: 10) == noon(15))
        #expect(UploadBudget(Array(calls.dropLast()), at: noon).edgeReset(limit: 10) == nil)
        let unsent = UploadAttempt(id: 1, upload: 1, outcome: .notSent, at: noon)
        #expect(UploadBudget(Array(calls.dropLast()) + [unsent], at: noon).edgeReset(limit: 10) == nil)
    }
}
