extension RowComposer {
    /// A row that a call brought into being: it depends on the hash, not on when it was asked for.
    func added(kind: AssetKind, id: Int, hash: String, name: String, isCached: Bool, at second: Int) -> RowTimeline {
        var generator = SeededGenerator(seed, account, SeededGenerator.fingerprint(hash))
        let metadata = kind == .torrent ? 3 : 0
        let speed = Int.random(in: 5_000_000...20_000_000, using: &generator)
        let seconds = Int.random(in: 60...900, using: &generator)
        let download = ByteTrack(start: second + metadata, stretches: [.init(seconds: seconds, speed: speed)])
        let storedAt = download.end + 10
        let seeding = ByteTrack.Stretch(seconds: 86_400, speed: speed / 20)
        return RowTimeline(
            kind: kind, id: id, hash: hash, name: name, createdAt: second, size: download.total,
            fate: isCached ? .cachedAtOnce : .completes, metadataUntil: second + metadata, download: download,
            storedAt: storedAt, upload: ByteTrack(start: storedAt, stretches: kind == .torrent ? [seeding] : []),
            seeds: Int.random(in: 1...60, using: &generator), peers: Int.random(in: 1...30, using: &generator))
    }
}
