import DomainModel
import ItemDecoding

/// Puts overlapping pages together and notices when the list shifted between two of them. Pure.
struct PageWalk: Sendable {
    enum Step: Sendable, Equatable {
        case read(offset: Int)
        case finished
        /// The page does not join on to the one before.
        case shifted
        case tooLong
    }

    /// Pages after which a list is taken for endless.
    static let maximumPages = 500
    /// Servers cap pages at round numbers; such a page may be cut short although it is not full.
    static let roundPage = 50

    private let pageSize: Int
    private let overlap: Int
    /// The fingerprint of a first page that is known to have nothing behind it.
    private let knownWhole: Int?
    private var offset = 0
    /// Keys of the rows at the end of the last page that the next one has to begin with.
    private var expected: [ItemKey] = []
    private var seen: Set<ItemKey> = []
    private var total: Int?

    private(set) var items: [DownloadItem] = []
    private(set) var fields = FieldCensus()
    private(set) var standing: ListPage.Standing = .listed
    /// Rows beyond the first with the same id, the overlap aside.
    private(set) var duplicates = 0
    private(set) var pages = 0
    /// Whether the first page was the one that was known to be whole.
    private(set) var isKnown = false
    private var firstPageRows = 0

    init(pageSize: Int, overlap: Int, knownWhole: Int? = nil) {
        self.pageSize = max(1, pageSize)
        self.overlap = max(0, min(overlap, pageSize - 1))
        self.knownWhole = knownWhole
    }

    /// Of the rows and their order; nil when pages behind the first one had rows of their own.
    var fingerprint: Int? {
        items.count + duplicates == firstPageRows ? Self.fingerprint(items, duplicates: duplicates) : nil
    }

    /// Good for as long as the process lives.
    private static func fingerprint(_ items: [DownloadItem], duplicates: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(duplicates)
        // Through a pointer, because items are large and reading them off the array would copy each.
        items.withUnsafeBufferPointer { items in
            for index in items.indices { hasher.combine(items[index].key) }
        }
        return hasher.finalize()
    }

    /// Takes the page at the offset asked for last (0 at first).
    mutating func take(_ page: ListPage) -> Step {
        pages += 1
        if page.standing == .kindNotFound {
            guard pages == 1 else { return .shifted }
            standing = .kindNotFound
            return .finished
        }
        guard page.items.count >= expected.count, zip(page.items, expected).allSatisfy({ $0.key == $1 }) else {
            return .shifted
        }
        if pages > 1, page.total != total { return .shifted }
        total = page.total
        let fresh = page.items.dropFirst(expected.count)
        add(fresh, of: page)
        if pages == 1 {
            firstPageRows = page.items.count
            isKnown = knownWhole != nil && knownWhole == fingerprint
        }
        if fresh.isEmpty || isKnown || isLast(page.items.count) { return isWhole ? .finished : .shifted }
        guard pages < Self.maximumPages else { return .tooLong }
        let shared = min(overlap, page.items.count - 1)
        expected = page.items.suffix(shared).map(\.key)
        offset += page.items.count - shared
        return .read(offset: offset)
    }

    /// Whether at least as many rows came as TorBox says there are, should it say so.
    private var isWhole: Bool { items.count + duplicates >= total ?? 0 }

    private func isLast(_ count: Int) -> Bool { count < pageSize && !count.isMultiple(of: Self.roundPage) }

    private mutating func add(_ rows: ArraySlice<DownloadItem>, of page: ListPage) {
        for field in ItemField.allCases { fields[field] += page.fields[field] }
        if items.isEmpty, duplicates == 0, Self.areInOrder(page.items) {
            // The only page of nearly all lists: taken over as it is, because items are large.
            items = page.items
        } else {
            if seen.isEmpty { seen = Set(items.map(\.key)) }
            addUnseen(rows, of: page)
        }
    }

    /// Whether rows come in the order of their numbers, as TorBox gives them. Then none comes twice.
    private static func areInOrder(_ items: [DownloadItem]) -> Bool {
        // Through a pointer, because reading items off the array would copy each.
        items.withUnsafeBufferPointer { items in
            guard items.count > 1 else { return true }
            let descends = items[0].key > items[1].key
            return items.indices.dropFirst().allSatisfy { index in
                let (before, after) = (items[index - 1].key, items[index].key)
                return before.asset == after.asset && before.isQueued == after.isQueued
                    && (descends ? before.id > after.id : before.id < after.id)
            }
        }
    }

    private mutating func addUnseen(_ rows: ArraySlice<DownloadItem>, of page: ListPage) {
        let before = seen.count
        var isNew: [Bool] = []
        isNew.reserveCapacity(rows.count)
        for index in rows.indices { isNew.append(seen.insert(rows[index].key).inserted) }
        duplicates += rows.count - (seen.count - before)
        if before == 0, seen.count == page.items.count {
            items = page.items
        } else {
            for (row, isNew) in zip(rows, isNew) where isNew { items.append(row) }
        }
    }
}
