package import DomainModel

/// Compares a complete snapshot with what earlier polls remember, and says what is to be remembered now.
///
/// Pure: the same inputs give the same changes. It never sees an incomplete snapshot (architecture 7.2); what it
/// does not find may still be there, so it forgets late.
package struct SnapshotDiff: Sendable, Equatable {
    /// First seen in this snapshot.
    package var added: [TrackedItem] = []
    /// Known before, and something about it changed.
    package var changed: [Change] = []
    /// Missed for long enough to be gone for good, or its number stands for another download now (which is in
    /// ``added`` then).
    package var forgotten: [TrackedItem] = []
    /// Queued items that are gone now, whose listed twin was seen beside them before and has a history of its own: only
    /// what the user set on them is to follow.
    package var arrived: [Arrival] = []
    /// Kinds of which half of the items or more went missing within the last hour, without anybody having asked for it: as likely a wrong
    /// answer as a cleared library, so absence proves nothing yet and nothing of the kind should be destroyed.
    package var vanished: Set<AssetType> = []
    /// Everything that is tracked from now on, by key: what rules see as history.
    package var tracked: [ItemKey: TrackedItem] = [:]

    package struct Change: Sendable, Equatable {
        /// What it was tracked under before; differs from `item.key` when a queued item got its real id.
        package var previousKey: ItemKey
        package var previousHash: String?
        package var item: TrackedItem

        fileprivate init(of known: TrackedItem, to item: TrackedItem) {
            (previousKey, previousHash) = (known.key, known.hash)
            self.item = item
        }

        /// Whether it is still known by the same key and hash.
        package var keepsIdentity: Bool { previousKey == item.key && previousHash == item.hash }
    }

    package struct Arrival: Sendable, Equatable {
        package var from: ItemKey
        package var to: ItemKey
    }

    /// Complete snapshots without an item before it is forgotten. Source: architecture 7.2.
    package static let missesBeforeForgetting = 3
    /// Least time between the first miss and forgetting, milliseconds. Source: architecture 7.2.
    package static let forgetAfterMilliseconds: Int64 = 3_600_000
    /// The same when half of a kind's items or more are missing: a wrong list may last for hours, and forgetting late harms nobody.
    package static let forgetManyAfterMilliseconds: Int64 = 86_400_000
    /// Fewer missing items are no matter, whatever their share.
    package static let fewestVanished = 5
    /// TorBox refreshes a torrent's numbers only every 600 s (torbox-api 4.3), so a shorter time without
    /// progress proves nothing.
    package static let refreshMilliseconds: Int64 = 600_000

    /// - Parameters:
    ///   - items: every row of the snapshot.
    ///   - forgettable: asset types whose lists were plainly complete; only items of these can be missed.
    ///   - leaving: items whose removal was asked for; that these are missing surprises nobody.
    package static func between(
        _ tracked: [ItemKey: TrackedItem], and items: [DownloadItem], forgettable: Set<AssetType>,
        leaving: Set<ItemKey> = [], at now: Timestamp
    ) -> SnapshotDiff {
        // What does not change stays as it is, uncopied: in most polls that is everything.
        var diff = SnapshotDiff(tracked: tracked)
        let strangers = diff.noteKnown(tracked, items, at: now)
        let isNothingMissing = strangers.isEmpty && KeySum(items) == KeySum(tracked.keys)
        let present = isNothingMissing ? [] : Set(items.map(\.key))
        var promotable = isNothingMissing ? [:] : promotableByHash(tracked, present: present)
        var promoted: Set<ItemKey> = []
        diff.makeRoom(for: strangers.count)
        // Through a pointer, because items are large and reading them off the array would copy each.
        items.withUnsafeBufferPointer { items in
            for index in strangers {
                if !promotable.isEmpty, let queued = takePromoted(items[index], &promotable) {
                    promoted.insert(queued.key)
                    diff.note(queued, items[index], at: now)
                } else {
                    diff.add(items[index].firstSight(at: now))
                }
            }
        }
        guard !isNothingMissing else { return diff }
        promoted.formUnion(diff.noteArrivals(of: promotable, among: items))
        let missing = tracked.values.filter { !present.contains($0.key) && !promoted.contains($0.key) }
        let unexpected = missing.filter { !leaving.contains($0.key) }
        diff.vanished = mostlyGone(
            unexpected.filter { now.milliseconds(since: $0.missingSince ?? now) < forgetAfterMilliseconds },
            of: tracked, leaving: leaving)
        let gone = mostlyGone(unexpected, of: tracked, leaving: leaving)
        for known in missing.sorted(by: { $0.key < $1.key }) {
            let isDoubtful = gone.contains(known.key.asset) && !leaving.contains(known.key)
            diff.miss(
                known, isForgettable: forgettable.contains(known.key.asset),
                patience: isDoubtful ? forgetManyAfterMilliseconds : forgetAfterMilliseconds, at: now)
        }
        return diff
    }

    /// Forgets what is missing for a known reason, so that it counts as missed no longer.
    package mutating func forget(_ keys: some Sequence<ItemKey>) {
        let gone = Set(keys).filter { tracked[$0].map { $0.misses > 0 } ?? false }
        guard !gone.isEmpty else { return }
        forgotten += gone.sorted().compactMap { tracked.removeValue(forKey: $0) }
        changed.removeAll { gone.contains($0.item.key) }
    }

    /// Kinds of which at least half of what was tracked is among `missing`.
    private static func mostlyGone(
        _ missing: [TrackedItem], of tracked: [ItemKey: TrackedItem], leaving: Set<ItemKey>
    ) -> Set<AssetType> {
        guard missing.count >= fewestVanished else { return [] }
        let counts = Dictionary(grouping: missing, by: \.key.asset).mapValues(\.count)
        return Set(
            counts.filter { asset, count in
                let known = tracked.keys.count { $0.asset == asset && !leaving.contains($0) }
                return count >= fewestVanished && count * 2 >= known
            }.keys)
    }

    // MARK: One item

    /// For a table that would double at least; else growing by itself copies less.
    private mutating func makeRoom(for strangers: Int) {
        added.reserveCapacity(strangers)
        if strangers >= tracked.count { tracked.reserveCapacity(tracked.count + strangers) }
    }

    /// Notes what is new about known items, and returns the places of those that are not known.
    private mutating func noteKnown(
        _ tracked: [ItemKey: TrackedItem], _ items: [DownloadItem], at now: Timestamp
    ) -> [Int] {
        var strangers: [Int] = []
        // Through a pointer, because items are large and reading them off the array would copy each.
        items.withUnsafeBufferPointer { items in
            for index in items.indices {
                guard let place = tracked.index(forKey: items[index].key) else {
                    strangers.append(index)
                    continue
                }
                if items[index].confirms(tracked, at: place, now) { continue }
                let known = tracked.values[place]
                if Self.isAnother(known, items[index]) {
                    replace(known, with: items[index], at: now)
                } else {
                    note(known, items[index], at: now)
                }
            }
        }
        return strangers
    }

    /// Whether a number that is known now stands for some other download, whose history is its own (HZ-11).
    private static func isAnother(_ known: TrackedItem, _ item: borrowing DownloadItem) -> Bool {
        guard let before = known.hash, let after = item.hash else { return false }
        return before != after
    }

    private mutating func replace(_ known: TrackedItem, with item: borrowing DownloadItem, at now: Timestamp) {
        forgotten.append(known)
        add(TrackedItem(firstSightOf: item, at: now))
    }

    private mutating func add(_ fresh: consuming TrackedItem) {
        tracked[fresh.key] = fresh
        added.append(fresh)
    }

    private mutating func note(_ known: TrackedItem, _ item: borrowing DownloadItem, at now: Timestamp) {
        var next = Self.advanced(known, by: item, at: now)
        // That it was seen once more is no change.
        guard next != known else { return }
        next.lastSeen = now
        changed.append(Change(of: known, to: next))
        if next.key != known.key { tracked[known.key] = nil }
        tracked[next.key] = next
    }

    private static func advanced(_ known: TrackedItem, by item: borrowing DownloadItem, at now: Timestamp)
        -> TrackedItem
    {
        let status = DerivedStatus.of(item)
        var next = known
        next.key = item.key
        next.state = status.rawValue
        next.misses = 0
        next.missingSince = nil
        next.copyFacts(of: item)
        next.watch = known.watch(after: item, status, at: now)
        return next
    }

    private mutating func miss(_ known: TrackedItem, isForgettable: Bool, patience: Int64, at now: Timestamp) {
        guard isForgettable else { return }
        var next = known
        next.misses += 1
        next.missingSince = known.missingSince ?? now
        let missingFor = now.milliseconds(since: next.missingSince ?? now)
        if next.misses >= Self.missesBeforeForgetting && missingFor >= patience {
            forgotten.append(known)
            tracked[known.key] = nil
        } else {
            tracked[known.key] = next
            changed.append(Change(of: known, to: next))
        }
    }

    // MARK: From queue to list

    /// Queued items that the snapshot no longer shows, by kind and hash: one of them may have got its real id.
    private static func promotableByHash(
        _ tracked: [ItemKey: TrackedItem], present: Set<ItemKey>
    ) -> [HashKey: TrackedItem] {
        var result: [HashKey: TrackedItem] = [:]
        for item in tracked.values where item.key.isQueued && !present.contains(item.key) {
            guard let hash = item.hash else { continue }
            let key = HashKey(asset: item.key.asset, hash: hash)
            if let rival = result[key], rival.key < item.key { continue }
            result[key] = item
        }
        return result
    }

    /// Forgets those of `queued` that a listed twin was left of, and returns their keys.
    private mutating func noteArrivals(
        of queued: [HashKey: TrackedItem], among items: [DownloadItem]
    ) -> [ItemKey] {
        guard !queued.isEmpty else { return [] }
        var rest = queued
        for item in items {
            guard let twin = Self.takePromoted(item, &rest) else { continue }
            arrived.append(Arrival(from: twin.key, to: item.key))
            forgotten.append(twin)
            tracked[twin.key] = nil
        }
        return arrived.map(\.from)
    }

    private static func takePromoted(
        _ item: borrowing DownloadItem, _ promotable: inout [HashKey: TrackedItem]
    ) -> TrackedItem? {
        guard !item.key.isQueued, let hash = item.hash else { return nil }
        return promotable.removeValue(forKey: HashKey(asset: item.key.asset, hash: hash))
    }

    private struct HashKey: Hashable {
        var asset: AssetType
        var hash: String
    }
}

extension TrackedItem {
    fileprivate init(firstSightOf item: borrowing DownloadItem, at now: Timestamp) {
        let status = DerivedStatus.of(item)
        self.init(key: item.key, state: status.rawValue, firstSeen: now, lastSeen: now)
        copyFacts(of: item)
        if status == .downloading || (item.totalDownloaded ?? 0) > 0 { telemetry.lastDownloadActivity = now }
        if status == .seeding || (item.totalUploaded ?? 0) > 0 { telemetry.lastUploadActivity = now }
    }

    fileprivate mutating func copyFacts(of item: borrowing DownloadItem) {
        hash = item.hash ?? hash
        name = item.name ?? name
        downloaded = item.totalDownloaded ?? downloaded
        uploaded = item.totalUploaded ?? uploaded
        progress = item.progress ?? progress
    }

    /// Whether ``copyFacts(of:)`` would change nothing.
    private func hasFacts(of item: borrowing DownloadItem) -> Bool {
        (item.totalDownloaded == nil || item.totalDownloaded == downloaded)
            && (item.totalUploaded == nil || item.totalUploaded == uploaded)
            && (item.progress == nil || item.progress == progress)
            && (item.hash == nil || item.hash == hash) && (item.name == nil || item.name == name)
    }

    /// Whether a poll that shows the download so has nothing to note. In most polls that is so for nearly all, and is told without
    /// a copy of what is known.
    fileprivate func isConfirmed(by item: borrowing DownloadItem, at now: Timestamp) -> Bool {
        let status = DerivedStatus.of(item)
        return key == item.key && misses == 0 && missingSince == nil && state == status.rawValue && hasFacts(of: item)
            && watch(after: item, status, at: now) == watch
    }
}

extension DownloadItem {
    // Methods of the item's, because one that is passed off a pointer as an argument is copied first.

    fileprivate func firstSight(at now: Timestamp) -> TrackedItem {
        TrackedItem(firstSightOf: self, at: now)
    }

    fileprivate func confirms(
        _ tracked: borrowing [ItemKey: TrackedItem], at place: [ItemKey: TrackedItem].Index, _ now: Timestamp
    ) -> Bool {
        tracked.values[place].isConfirmed(by: self, at: now)
    }
}
