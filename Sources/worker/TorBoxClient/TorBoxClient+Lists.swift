package import DomainModel
import ItemDecoding
import NIOCore
import NIOHTTP1

extension TorBoxClient {
    /// One page of a kind's list. `fresh` goes past TorBox's own cache. Throws, among others, `.incomplete` when the
    /// answer is no plain list.
    package func list(
        _ asset: AssetType, for account: TorBoxAccount, offset: Int = 0, limit: Int = 1_000, fresh: Bool = false,
        within budget: Duration? = nil
    ) async throws(TorBoxError) -> ListPage {
        let deadline = deadline(budget, default: configuration.callBudget)
        return try await page(
            asset, isQueued: false, for: account, offset: offset, limit: limit, fresh: fresh, until: deadline)
    }

    /// One page of a kind's queue, always fresh.
    package func queue(
        _ asset: AssetType, for account: TorBoxAccount, offset: Int = 0, limit: Int = 1_000,
        within budget: Duration? = nil
    ) async throws(TorBoxError) -> ListPage {
        let deadline = deadline(budget, default: configuration.callBudget)
        return try await page(
            asset, isQueued: true, for: account, offset: offset, limit: limit, fresh: true, until: deadline)
    }

    /// One listed item as it is now, past TorBox's cache; nil when TorBox says that there is none of that id.
    /// Anything less plain than that is an error, and then nothing may be done to the item.
    package func item(
        _ asset: AssetType, id: Int64, for account: TorBoxAccount, within budget: Duration? = nil
    ) async throws(TorBoxError) -> DownloadItem? {
        let deadline = deadline(budget, default: configuration.callBudget)
        do {
            return try await read(Self.itemRequest(asset, id: id), for: account, until: deadline) {
                answer throws(TorBoxError) in
                let rows = try rows(answer, asset, isQueued: false)
                return try ListReading.item(rows, id: id, status: answer.status)
            }
        } catch {
            if error.isItemNotFound { return nil }
            throw error
        }
    }

    /// Everything that the account has of these kinds, listed and queued: all of it, or an error.
    ///
    /// - Parameter relyingOnLast: Whether lists that show what the last whole reading showed are taken as proven by
    ///   it. For regular polls; whoever looks for something new wants to see it now.
    package func snapshot(
        of assets: Set<AssetType>, for account: TorBoxAccount, within budget: Duration? = nil,
        relyingOnLast: Bool = false
    ) async throws(TorBoxError) -> LibrarySnapshot {
        let deadline = deadline(budget, default: configuration.snapshotBudget)
        var snapshot = LibrarySnapshot(
            items: [], fetchedAt: time.wall(), assets: assets, plainlyEmptyOrListed: [])
        let reader = snapshotReader(for: account, until: deadline)
        for asset in assets.sorted() {
            var proof = proofs.take(asset, of: account.user, at: time.uptime())
            if !relyingOnLast { proof = nil }
            var reading = try await reader.read(asset, proof: &proof, census: &snapshot.census)
            if let proof { proofs.keep(proof, asset, of: account.user, at: time.uptime()) }
            snapshot.census.listed += reading.listed.count
            // Items are large: the only list of nearly all users is taken over as it is, and nobody else holds it when the
            // queue's rows follow, or all would be copied then.
            if snapshot.items.isEmpty {
                swap(&snapshot.items, &reading.listed)
            } else {
                snapshot.items += reading.listed
            }
            snapshot.items += reading.queued
            if reading.isPlain { snapshot.plainlyEmptyOrListed.insert(asset) }
            snapshot.census.queued += reading.queued.count
            snapshot.census.duplicates += reading.duplicates
            snapshot.census.fields[asset] = reading.fields
        }
        return snapshot
    }

    private func snapshotReader(for account: TorBoxAccount, until deadline: Duration) -> SnapshotReader {
        let size = configuration.pageSize
        return SnapshotReader(pageSize: size, overlap: configuration.pageOverlap, now: time.uptime) {
            asset, isQueued, offset throws(TorBoxError) in
            try await self.page(
                asset, isQueued: isQueued, for: account, offset: offset, limit: size, fresh: true, until: deadline)
        }
    }

    private func page(
        _ asset: AssetType, isQueued: Bool, for account: TorBoxAccount, offset: Int, limit: Int, fresh: Bool,
        until deadline: Duration
    ) async throws(TorBoxError) -> ListPage {
        let request = Self.pageRequest(asset, isQueued: isQueued, offset: offset, limit: limit, fresh: fresh)
        do {
            return try await read(request, for: account, until: deadline) { answer throws(TorBoxError) in
                try ListReading.page(rows(answer, asset, isQueued: isQueued), status: answer.status)
            }
        } catch {
            guard error.isItemNotFound else { throw error }
            return ListPage(standing: .kindNotFound, items: [])
        }
    }

    private func rows(_ answer: HTTPAnswer, _ asset: AssetType, isQueued: Bool) throws(TorBoxError) -> DecodedList {
        let (start, end) = (answer.body.readerIndex, answer.body.writerIndex)
        // All of the buffer's memory, because what lies behind the text saves copying it.
        let decoded = answer.body.withVeryUnsafeBytes { memory in
            let bytes = UnsafeRawBufferPointer(rebasing: memory[start..<end])
            return Result { () throws(ItemDecodingError) in
                try ItemDecoder.decodeList(
                    bytes, roomBehind: memory.count - end, asset: asset, isQueued: isQueued)
            }
        }
        do {
            return try decoded.get()
        } catch {
            throw TorBoxError(.malformed, "the answer cannot be read: \(error)", status: answer.status)
        }
    }

    static func itemRequest(_ asset: AssetType, id: Int64) -> TorBoxRequest {
        TorBoxRequest(
            method: .GET, endpoint: .list(asset), query: [("id", "\(id)"), ("bypass_cache", "true")], purpose: .fetch)
    }

    private static func pageRequest(
        _ asset: AssetType, isQueued: Bool, offset: Int, limit: Int, fresh: Bool
    ) -> TorBoxRequest {
        var query: [(name: String, value: String)] = isQueued ? [("type", asset.rawValue)] : []
        // In lower case: `True` was seen to be cached for minutes.
        if fresh { query.append(("bypass_cache", "true")) }
        query += [("offset", "\(max(0, offset))"), ("limit", "\(min(1_000, max(1, limit)))")]
        return TorBoxRequest(method: .GET, endpoint: isQueued ? .queue : .list(asset), query: query, purpose: .fetch)
    }
}

extension TorBoxError {
    /// TorBox's plain word that it has no such thing.
    var isItemNotFound: Bool { code == .refused && torboxCode == TorBoxCodes.itemNotFound }
}
