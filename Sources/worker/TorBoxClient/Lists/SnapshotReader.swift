import DomainModel
import ItemDecoding

/// Reads one kind completely: queue, list, and the queue again where something was queued, unless all is as it was proven.
struct SnapshotReader: Sendable {
    struct Reading: Sendable {
        var listed: [DownloadItem] = []
        var queued: [DownloadItem] = []
        var isPlain = true
        var duplicates = 0
        var fields = FieldCensus()
    }

    /// Times that one kind is read again before the snapshot is given up.
    static let maximumRereads = 2

    let pageSize: Int
    let overlap: Int
    /// Uptime.
    let now: @Sendable () -> Duration
    /// Reads one page of the list (false) or queue (true) from that offset.
    let readPage: @Sendable (_ asset: AssetType, _ isQueued: Bool, _ offset: Int) async throws(TorBoxError) -> ListPage

    /// One kind, whole; counts into `census`, and leaves in `proof` what the next reading may rely on.
    func read(
        _ asset: AssetType, proof: inout ReadingProof?, census: inout SnapshotCensus
    ) async throws(TorBoxError) -> Reading {
        for attempt in 0...Self.maximumRereads {
            if attempt > 0 {
                census.rereads += 1
                proof = nil
            }
            if let reading = try await attemptReading(asset, proof: &proof, census: &census) { return reading }
        }
        throw .incomplete(.unstable, "the \(asset.rawValue) list kept changing while it was read")
    }

    /// Nil when the pages do not fit together.
    private func attemptReading(
        _ asset: AssetType, proof: inout ReadingProof?, census: inout SnapshotCensus
    ) async throws(TorBoxError) -> Reading? {
        let began = now()
        // The queue first: what starts in between is then seen twice at most, and not missed.
        guard let before = try await walk(asset, isQueued: true, knownWhole: proof?.queue, census: &census),
            let list = try await walk(
                asset, isQueued: false, knownWhole: before.isKnown ? proof?.list : nil, census: &census)
        else { return nil }
        if list.standing == .kindNotFound, asset == .torrent {
            throw .incomplete(
                .kindNotFound, "TorBox found no torrent list, which is no statement about it", status: 404)
        }
        var queue = before
        if list.isKnown {
            proof = proof?.usedOnce()
        } else if before.items.isEmpty {
            proof = ReadingProof(list: list, queue: before, at: began)
        } else {
            guard let after = try await walk(asset, isQueued: true, knownWhole: nil, census: &census),
                case .settled = QueueReconciliation.settle(
                    before: before.items, after: after.items, listed: list.items)
            else { return nil }
            queue = after
            proof = ReadingProof(list: list, queue: after, at: began)
        }
        return Reading(
            listed: list.items, queued: queue.items,
            isPlain: list.standing == .listed && queue.standing == .listed,
            duplicates: list.duplicates + queue.duplicates, fields: list.fields)
    }

    /// All pages of one list or queue; nil when it shifted meanwhile.
    private func walk(
        _ asset: AssetType, isQueued: Bool, knownWhole: Int?, census: inout SnapshotCensus
    ) async throws(TorBoxError) -> PageWalk? {
        var walk = PageWalk(pageSize: pageSize, overlap: overlap, knownWhole: knownWhole)
        var offset = 0
        while true {
            let page = try await readPage(asset, isQueued, offset)
            census.pages += 1
            switch walk.take(page) {
            case .read(let next): offset = next
            case .finished: return walk
            case .shifted: return nil
            case .tooLong: throw .incomplete(.tooLong, "the \(asset.rawValue) list does not end")
            }
        }
    }
}
