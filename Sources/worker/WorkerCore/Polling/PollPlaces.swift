import DomainModel

/// Who is worked for, and how many more may be. A poll that only acts any more waits most of the time for TorBox's pace
/// and holds no list: it may give its place to another, as long as not too many do. Pure.
struct PollPlaces: Sendable {
    /// Polls and errands under way at once of a worker, those without a place included. Source: the range of
    /// `MAX_CONCURRENT_POLLS`, and what ``BreadcrumbTrail/lines`` has room for.
    static let most = 1_000
    /// Polls that act without a place, for each place. With three the first actions of 200 users on two workers end in 19
    /// seconds instead of 46 (`make bench ONLY=first-seen`).
    static let actingPerPlace = 3

    private let limit: Int
    private let actingLimit: Int
    /// By user: since when they were due.
    private var holders: [UserID: Timestamp] = [:]
    private var acting: Set<UserID> = []

    init(limit: Int) {
        self.limit = limit
        actingLimit = max(0, min(limit * Self.actingPerPlace, Self.most - limit))
    }

    /// Everybody under way, with a place or without.
    var count: Int { holders.count }
    var actingCount: Int { acting.count }
    var users: Dictionary<UserID, Timestamp>.Keys { holders.keys }
    var hasFree: Bool { holders.count - acting.count < limit }

    func contains(_ user: UserID) -> Bool { holders[user] != nil }

    func due(of user: UserID) -> Timestamp? { holders[user] }

    mutating func take(_ user: UserID, due: Timestamp) { holders[user] = due }

    /// Gives the user's place to another; the work stays under way. False when as many as may act without one already.
    mutating func leave(_ user: UserID) -> Bool {
        guard holders[user] != nil, acting.count < actingLimit else { return false }
        return acting.insert(user).inserted
    }

    mutating func end(_ user: UserID) {
        holders[user] = nil
        acting.remove(user)
    }
}

/// A poll's own place.
struct PollPlace: Sendable {
    /// Lets somebody else be polled while the rest of this poll goes on.
    let leave: @Sendable () async -> Void

    /// Of polls that no scheduler started.
    static let kept = PollPlace {}
}
