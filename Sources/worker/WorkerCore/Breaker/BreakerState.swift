import DomainModel

/// When destruction stops for everybody: many users' rules suddenly match far more than before, so it is likelier that
/// TorBox's answers are wrong than that all of them are right. Pure.
///
/// Looks at the newest poll of each of the last ``window`` users, which makes it as fast on a small house as on a large
/// one: with everybody surging it opens at the ``usersToOpen``th user. Were one poll in a hundred a surge by
/// chance, five of twenty would be surges once in 730,000 looks.
struct BreakerState: Sendable {
    enum Change: String, Sendable { case opened, closed, lifted }

    /// Users whose newest polls are compared.
    static let window = 20
    /// Surging users among them that open the breaker. Fewer are those users' own affair, and each of their rules
    /// is bound by its own limit.
    static let usersToOpen = 5
    /// Older polls do not open it: every user with a rule of the shortest interval was polled twice since.
    static let memoryMilliseconds: Int64 = 3_600_000
    /// Users whose polls look as usual that close it again, with at most a tenth of the window (or one) still surging.
    static let usersToClose = 5
    /// How long it stays closed after an operator lifted it: long enough for two polls of every rule of the shortest
    /// interval.
    static let liftedMilliseconds: Int64 = 7_200_000

    private struct Poll {
        var user: UserID
        var isSurge: Bool
        var at: Timestamp
    }

    /// Newest last, one for each user.
    private var polls: [Poll] = []
    private var liftedUntil: Timestamp?
    /// Whether an operator closed it last.
    private var wasLifted = false
    private(set) var openedAt: Timestamp?
    /// Times that it opened.
    private(set) var episodes = 0

    var standing: BreakerStanding {
        BreakerStanding(isOpen: openedAt != nil, isCalm: openedAt == nil && (isCalm || wasLifted))
    }

    /// Users that surged, of those looked at.
    var surging: Int { polls.count(where: \.isSurge) }

    /// Takes in a poll that evaluated long-standing destructive rules.
    mutating func take(isSurge: Bool, of user: UserID, at now: Timestamp) -> Change? {
        polls.removeAll { $0.user == user }
        polls.append(Poll(user: user, isSurge: isSurge, at: now))
        polls.removeFirst(max(0, polls.count - Self.window))
        if openedAt != nil {
            guard isCalm else { return nil }
            openedAt = nil
            return .closed
        }
        if let liftedUntil, now < liftedUntil { return nil }
        let recent = polls.count { $0.isSurge && now.milliseconds(since: $0.at) <= Self.memoryMilliseconds }
        guard recent >= Self.usersToOpen else { return nil }
        openedAt = now
        wasLifted = false
        episodes += 1
        return .opened
    }

    /// An operator says that all is well. Nil when it was not open.
    mutating func lift(at now: Timestamp) -> Change? {
        guard openedAt != nil else { return nil }
        openedAt = nil
        polls = []
        wasLifted = true
        liftedUntil = now.advanced(byMilliseconds: Self.liftedMilliseconds)
        return .lifted
    }

    private var isCalm: Bool {
        let surging = surging
        return polls.count - surging >= Self.usersToClose && surging <= max(1, polls.count / 10)
    }
}
