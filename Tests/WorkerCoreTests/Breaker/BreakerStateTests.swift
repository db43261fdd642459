import DomainModel
import Testing

@testable import WorkerCore

@Suite struct BreakerStateTests {
    @Test(
        "a surge is at least five items and more than three of the user's average days",
        arguments: [
            (4, 0, false), (5, 0, true), (5, 11, true), (5, 12, false), (30, 70, false), (31, 70, true),
            (1_000, 7_000, false),
        ])
    func surge(wanted: Int, lately: Int, isSurge: Bool) {
        #expect(DestructionSurge.isSurge(wanted: wanted, destroyedLately: lately) == isSurge)
        // What was destroyed lately is counted only for these.
        #expect(DestructionSurge.isPossible(wanted: wanted) == (wanted >= 5))
    }

    @Test("it opens at the fifth user that surges, however many or few there are", arguments: [5, 20, 200])
    func opens(users: Int) {
        var state = BreakerState()
        for user in 0..<users { #expect(take(&state, user, isSurge: false) == nil) }
        for user in 0..<4 { #expect(take(&state, user, isSurge: true) == nil) }
        #expect(take(&state, 4, isSurge: true) == .opened)
        #expect(state.standing == BreakerStanding(isOpen: true, isCalm: false))
        #expect(state.episodes == 1)
    }

    @Test("one user who surges again and again is one user") func oneUser() {
        var state = BreakerState()
        for _ in 0..<50 { #expect(take(&state, 1, isSurge: true) == nil) }
        #expect(state.surging == 1)
    }

    @Test("surges far apart, in time or among many calm polls, do not add up") func apart() {
        var old = BreakerState()
        for user in 0..<4 { _ = take(&old, user, isSurge: true) }
        #expect(take(&old, 4, isSurge: true, at: 3_601) == nil)
        var rare = BreakerState()
        for user in 0..<1_000 { #expect(take(&rare, user, isSurge: user.isMultiple(of: 6)) == nil) }
    }

    @Test("it closes by itself when polls look as usual, and not while many still surge") func closes() {
        var state = opened()
        for user in 5..<9 { #expect(take(&state, user, isSurge: false) == nil) }
        #expect(take(&state, 9, isSurge: false) == nil, "five surge and five do not")
        for user in 0..<3 { #expect(take(&state, user, isSurge: false) == nil) }
        #expect(take(&state, 3, isSurge: false) == .closed, "one of ten may still surge")
        #expect(state.standing == BreakerStanding(isOpen: false, isCalm: true))
    }

    @Test("a house of five users closes it too") func closesSmall() {
        var state = opened()
        for user in 0..<4 { #expect(take(&state, user, isSurge: false) == nil) }
        #expect(take(&state, 4, isSurge: false) == .closed)
    }

    @Test("an operator lifts it for two hours, and what it parked may be decided anew") func lifted() {
        var state = opened()
        #expect(state.lift(at: noon(60)) == .lifted)
        #expect(state.lift(at: noon(60)) == nil)
        #expect(state.standing == BreakerStanding(isOpen: false, isCalm: true))
        for user in 0..<20 { #expect(take(&state, user, isSurge: true, at: 7_000) == nil) }
        #expect(take(&state, 20, isSurge: true, at: 7_260) == .opened)
    }

    @Test("without evidence nothing is calm") func unknown() {
        #expect(BreakerState().standing == BreakerStanding(isOpen: false, isCalm: false))
    }

    // MARK: Tools

    private func opened() -> BreakerState {
        var state = BreakerState()
        for user in 0..<5 { _ = take(&state, user, isSurge: true) }
        return state
    }

    private func take(
        _ state: inout BreakerState, _ user: Int, isSurge: Bool, at seconds: Int64 = 0
    ) -> BreakerState.Change? {
        state.take(isSurge: isSurge, of: .numbered(user), at: noon(seconds))
    }
}

extension UserID {
    fileprivate static func numbered(_ number: Int) -> UserID {
        let digits = String(number, radix: 16)
        guard let id = UserID(String(repeating: "0", count: 64 - digits.count) + digits) else {
            preconditionFailure("64 hex digits are an id")
        }
        return id
    }
}
