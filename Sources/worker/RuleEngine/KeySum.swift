import DomainModel

/// What two lists have in common that hold the same keys, in whatever order: told without a table of one of them, which for
/// a thousand downloads is a tenth of comparing them. Two other lists share it once in 2^64 times.
struct KeySum: Equatable {
    private var count = 0
    private var sum: UInt64 = 0

    init(_ items: [DownloadItem]) {
        // Through a pointer, because items are large and reading them off the array would copy each.
        items.withUnsafeBufferPointer { items in
            for index in items.indices { add(items[index].key) }
        }
    }

    init(_ keys: some Sequence<ItemKey>) {
        for key in keys { add(key) }
    }

    private mutating func add(_ key: ItemKey) {
        count += 1
        sum &+= Self.mixed(key)
    }

    /// The finish of SplitMix64, which gives each number another one: lists that differ in one place never share a sum.
    private static func mixed(_ key: ItemKey) -> UInt64 {
        var bits = UInt64(bitPattern: key.id << 3) ^ UInt64(key.place)
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
