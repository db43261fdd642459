/// One user's account at TorBox: lists, queue and what calls do to them. No sockets, no clock, no chance of its own.
///
/// The state is a function of the settings, the simulated second and the effects applied so far, in order.
struct SimulatedAccount: Sendable {
    let identity: AccountIdentity
    var settings: AccountSettings
    private var tables: [RowTable]
    /// Oldest first.
    private(set) var queue: [SimulatedQueueItem] = []
    private var timeline: LibraryTimeline
    private var delayed: [(second: Int, effect: AccountEffect)] = []
    private var lastID: Int
    private var lastQueueID = 60_000
    /// Rises with every change that the timelines do not make.
    private(set) var revision = 0
    var pages = PageCache()

    /// - Parameter base: The Unix second that counts as the start of the library.
    init(identity: AccountIdentity, settings: AccountSettings, base: Int) {
        self.identity = identity
        self.settings = settings
        tables = AssetKind.allCases.map { _ in RowTable() }
        timeline = LibraryTimeline(settings.library, seed: settings.seed, account: identity.number, base: base)
        lastID = settings.library == .empty ? 1_000 : 9_000_000
    }

    func table(_ kind: AssetKind) -> RowTable { tables[kind.ordinal] }

    /// Brings births, ends, promotions and delayed effects up to a second. To be called before anything is read.
    mutating func advance(to second: Int) {
        for birth in timeline.births(through: second) {
            switch birth.content {
            case .row(let row): tables[row.kind.ordinal].insert(ListedRow(source: .evolving(row, RowEffects())))
            case .queued(let item): queue.append(item)
            }
            revision += 1
        }
        while let due = queue.filter({ ($0.startsAt ?? .max) <= second }).min(by: { $0.startOrder < $1.startOrder }) {
            start(due, at: due.startsAt ?? second)
        }
        applyDelayed(through: second)
        for place in tables.indices where tables[place].removeEnded(at: second) { revision += 1 }
    }

    // MARK: - What tests and the control interface do

    /// Adds a row or replaces the one with its id.
    /// - Returns: Its id, chosen here when it was 0.
    mutating func put(_ item: SimulatedItem) -> Int {
        var item = item
        if item.id == 0 { item.id = nextID() }
        lastID = max(lastID, item.id)
        tables[item.kind.ordinal].insert(ListedRow(source: .stated(item)))
        revision += 1
        return item.id
    }

    mutating func put(_ item: SimulatedQueueItem) -> Int {
        var item = item
        if item.id == 0 { item.id = nextQueueID() }
        lastQueueID = max(lastQueueID, item.id)
        queue.removeAll { $0.id == item.id }
        queue.append(item)
        queue.sort { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        revision += 1
        return item.id
    }

    /// Turns a row into a stated one and changes it; an evolving row stands still from then on.
    mutating func modify(
        _ kind: AssetKind, _ id: Int, at second: Int, _ change: (inout SimulatedItem) throws -> Void
    ) rethrows -> Bool {
        guard let row = table(kind)[id] else { return false }
        var item = row.item(at: second, refreshSeconds: 1)
        try change(&item)
        item.kind = kind
        tables[kind.ordinal].remove(id)
        _ = put(item)
        return true
    }

    mutating func remove(_ kind: AssetKind, _ id: Int) -> Bool { apply(.delete(kind, id), at: 0) }

    func items(_ kind: AssetKind, at second: Int) -> [SimulatedItem] {
        let table = table(kind)
        return (0..<table.count).compactMap {
            table.row(at: $0)?.item(at: second, refreshSeconds: settings.refreshSeconds)
        }
    }

    // MARK: - Effects

    /// Applies an effect in the mode asked for.
    /// - Returns: Whether the account changed now.
    mutating func apply(_ effect: AccountEffect, at second: Int, mode: EffectMode) -> Bool {
        switch mode {
        case .immediate: return apply(effect, at: second)
        case .dropped: return false
        case .delayed(let due):
            delayed.append((due, effect))
            return false
        }
    }

    private mutating func apply(_ effect: AccountEffect, at second: Int) -> Bool {
        revision += 1
        switch effect {
        case .delete(let kind, let id): return tables[kind.ordinal].remove(id)
        case .stopSeeding(let id): return change(.torrent, id, at: second, .stopSeeding)
        case .pause(let kind, let id): return change(kind, id, at: second, .pause)
        case .resume(let kind, let id): return change(kind, id, at: second, .resume)
        case .reannounce(let id): return table(.torrent)[id] != nil
        case .edit(let kind, let id, let edit): return change(kind, id, at: second, .edit(edit))
        case .deleteQueued(let id):
            let count = queue.count
            queue.removeAll { $0.id == id }
            return queue.count < count
        case .startQueued(let id):
            guard let item = queue.first(where: { $0.id == id }) else { return false }
            start(item, at: second)
            return true
        case .add(let item):
            _ = add(item, at: second)
            return true
        }
    }

    private mutating func change(_ kind: AssetKind, _ id: Int, at second: Int, _ change: ListedRow.Change) -> Bool {
        guard let row = table(kind)[id] else { return false }
        tables[kind.ordinal].update(id) { $0.apply(change, at: second) }
        return row.item(at: second, refreshSeconds: 1) != table(kind)[id]?.item(at: second, refreshSeconds: 1)
    }

    private mutating func applyDelayed(through second: Int) {
        while let place = delayed.firstIndex(where: { $0.second <= second }) {
            let due = delayed.remove(at: place)
            _ = apply(due.effect, at: due.second)
        }
    }

    // MARK: - New rows

    /// Moves a queue row to its list: a new id, the same hash.
    private mutating func start(_ item: SimulatedQueueItem, at second: Int) {
        queue.removeAll { $0.id == item.id }
        let name = item.nameOverride ?? item.name ?? item.hash
        _ = add(kind: item.kind, hash: item.hash, name: name, isCached: false, livesFor: item.livesFor, at: second)
    }

    /// Adds what a create asks for, to the list or to the queue.
    /// - Returns: Its new id there.
    mutating func add(_ item: AccountEffect.AddedItem, at second: Int) -> Int {
        if item.isQueued {
            let id = nextQueueID()
            return put(SimulatedQueueItem(item.name, kind: item.kind, id: id, hash: item.hash, createdAt: second))
        }
        return add(
            kind: item.kind, hash: item.hash, name: item.name, originalURL: item.originalURL, isCached: item.isCached,
            at: second)
    }

    /// Adds a row as TorBox would after a create or a start.
    /// - Returns: Its new id.
    private mutating func add(
        kind: AssetKind, hash: String, name: String, originalURL: String? = nil, isCached: Bool, livesFor: Int? = nil,
        at second: Int
    ) -> Int {
        let id = nextID()
        revision += 1
        if settings.library == .empty {
            var item: SimulatedItem = isCached ? .cached(name, kind: kind) : .downloading(name, kind: kind, progress: 0)
            item.id = id
            item.hash = hash
            item.createdAt = second
            item.originalURL = originalURL
            tables[kind.ordinal].insert(ListedRow(source: .stated(item)))
            return id
        }
        let composer = RowComposer(
            library: GeneratedLibrary(torrents: 0), seed: settings.seed, account: identity.number, base: second)
        var row = composer.added(kind: kind, id: id, hash: hash, name: name, isCached: isCached, at: second)
        row.removedAt = livesFor.map { second + $0 }
        tables[kind.ordinal].insert(ListedRow(source: .evolving(row, RowEffects())))
        return id
    }

    private mutating func nextQueueID() -> Int {
        lastQueueID += 1
        return lastQueueID
    }

    private mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }
}

extension AssetKind {
    fileprivate var ordinal: Int {
        switch self {
        case .torrent: 0
        case .usenet: 1
        case .webDownload: 2
        }
    }
}

extension SimulatedQueueItem {
    /// The order in which rows start by themselves.
    fileprivate var startOrder: (Int, Int) { (startsAt ?? .max, id) }
}
