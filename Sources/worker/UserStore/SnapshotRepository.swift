package import DomainModel
package import GRDB
import Storage

/// What polls have seen of the user's downloads.
package enum SnapshotRepository {
    /// Everything, by key. Some milliseconds for a library of thousands.
    ///
    /// - Parameter shown: What TorBox shows now. Most of it is what is known, and so its texts are shared.
    package static func loadAll(
        _ db: Database, sharingTextsOf shown: [DownloadItem] = []
    ) throws -> [ItemKey: TrackedItem] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM tbx_item")
        var items: [ItemKey: TrackedItem] = [:]
        // As many as the newest snapshot had, so that the table need not grow again and again.
        let counted = try db.cachedStatement(sql: "SELECT sum(item_count) FROM tbx_snapshot")
        items.reserveCapacity(try Int.fetchOne(counted) ?? 0)
        try shown.withUnsafeBufferPointer { shown in
            var texts = SharedTexts(shown)
            try RawStatement(statement, in: db).forEachRow { row in
                guard let item = TrackedItem(row, &texts) else { return }
                items[item.key] = item
            }
        }
        return items
    }

    /// When the newest complete snapshot of each kind was taken; a kind never fetched whole is missing.
    package static func completed(_ db: Database) throws -> [AssetType: Timestamp] {
        let statement = try db.cachedStatement(sql: "SELECT asset, completed_ms FROM tbx_snapshot")
        return try Row.fetchAll(statement).reduce(into: [:]) { times, row in
            guard let asset = AssetType(rawValue: row[0]) else { return }
            times[asset] = Timestamp(milliseconds: row[1])
        }
    }

    /// Applies a poll's changes, in the order deletes, moves, updates, inserts, samples, and returns the `pk` of every inserted item.
    package static func apply(
        _ db: Database, _ changes: SnapshotChanges, at now: Timestamp
    ) throws -> [ItemKey: Int64] {
        try delete(db, changes.deletes)
        try move(db, changes.moves)
        try update(db, changes.updates)
        let inserted = try insert(db, changes.inserts)
        try insertSamples(db, changes, inserted: inserted)
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO tbx_snapshot(asset, completed_ms, item_count) VALUES (?, ?, ?)")
        for (asset, count) in changes.completed {
            try statement.execute(arguments: [asset.rawValue, now.milliseconds, count])
        }
        return inserted
    }

    /// The samples of these items since a moment (included), oldest first. Items without any are missing.
    package static func samples(
        _ db: Database, of items: some Sequence<TrackedItem>, since: Timestamp
    ) throws -> [ItemKey: [SpeedSample]] {
        let statement = try db.cachedStatement(
            sql: "SELECT at_ms, downloaded, uploaded FROM tbx_sample WHERE item_pk = ? AND at_ms >= ? ORDER BY at_ms")
        var samples: [ItemKey: [SpeedSample]] = [:]
        for item in items {
            guard let pk = item.pk else { continue }
            let rows = try Row.fetchCursor(statement, arguments: [pk, since.milliseconds])
            while let row = try rows.next() {
                samples[item.key, default: []].append(
                    SpeedSample(at: Timestamp(milliseconds: row[0]), downloaded: row[1], uploaded: row[2]))
            }
        }
        return samples
    }

    /// Deletes samples older than a moment and returns how many went. One short look-up per item: fit for an hourly run.
    @discardableResult
    package static func pruneSamples(_ db: Database, before limit: Timestamp) throws -> Int {
        let statement = try db.cachedStatement(sql: "DELETE FROM tbx_sample WHERE item_pk = ? AND at_ms < ?")
        var count = 0
        for pk in try Int64.fetchAll(db, sql: "SELECT item_pk FROM tbx_item") {
            try statement.execute(arguments: [pk, limit.milliseconds])
            count += db.changesCount
        }
        return count
    }
}

extension SnapshotRepository {
    fileprivate static let columns = """
        item_pk, asset, queued, item_id, hash, name, state, downloaded, uploaded, progress, first_seen_ms, last_seen_ms, \
        misses, missing_since_ms, last_download_ms, last_upload_ms, download_stalled_ms, upload_stalled_ms, \
        download_watched_ms, upload_watched_ms, sampled_ms
        """
    private static let columnCount = 21

    private static func delete(_ db: Database, _ keys: [Int64]) throws {
        guard !keys.isEmpty else { return }
        let statement = try db.cachedStatement(sql: "DELETE FROM tbx_item WHERE item_pk = ?")
        for pk in keys { try statement.execute(arguments: [pk]) }
    }

    /// Not with a statement that names the key: SQLite would put every row out of its index and into it again.
    private static func update(_ db: Database, _ items: [TrackedItem]) throws {
        try write(
            db, items,
            sql: """
                UPDATE tbx_item SET name = ?, state = ?, downloaded = ?, uploaded = ?, progress = ?, first_seen_ms = ?,
                    last_seen_ms = ?, misses = ?, missing_since_ms = ?, last_download_ms = ?, last_upload_ms = ?,
                    download_stalled_ms = ?, upload_stalled_ms = ?, download_watched_ms = ?, upload_watched_ms = ?,
                    sampled_ms = ?
                WHERE item_pk = ?
                """
        ) { $0.bindFacts(to: &$1) }
    }

    private static func move(_ db: Database, _ items: [TrackedItem]) throws {
        try write(
            db, items,
            sql: """
                UPDATE tbx_item SET asset = ?, queued = ?, item_id = ?, hash = ?, name = ?, state = ?, downloaded = ?,
                    uploaded = ?, progress = ?, first_seen_ms = ?, last_seen_ms = ?, misses = ?, missing_since_ms = ?,
                    last_download_ms = ?, last_upload_ms = ?, download_stalled_ms = ?, upload_stalled_ms = ?,
                    download_watched_ms = ?, upload_watched_ms = ?, sampled_ms = ?
                WHERE item_pk = ?
                """
        ) { $0.bind(to: &$1) }
    }

    private static func write(
        _ db: Database, _ items: [TrackedItem], sql: String, bind: (TrackedItem, inout RawStatement.Binder) -> Void
    ) throws {
        guard !items.isEmpty else { return }
        let raw = RawStatement(try db.cachedStatement(sql: sql), in: db)
        for item in items {
            guard let pk = item.pk else { continue }
            try raw.run { row in
                bind(item, &row)
                row.bind(pk)
            }
        }
    }

    /// Rows that share a statement: each statement opens and closes the table and its index. A thousand rows take 7.0 ms one by
    /// one, 5.0 by tens, and no less by twenties (SQLite by itself).
    private static let rowsPerInsert = 10

    private static func insert(_ db: Database, _ items: [TrackedItem]) throws -> [ItemKey: Int64] {
        guard !items.isEmpty else { return [:] }
        // In the order of the index: TorBox lists the newest first, and a row put before all others splits pages where one
        // that comes behind them fills them.
        let order = items.indices.sorted { items[$0].key < items[$1].key }
        let last = try Int64.fetchOne(db, sql: "SELECT max(item_pk) FROM tbx_item") ?? 0
        var inserted: [ItemKey: Int64] = [:]
        inserted.reserveCapacity(items.count)
        try items.withUnsafeBufferPointer { items in
            func insert(_ indices: ArraySlice<Int>, by count: Int) throws {
                guard !indices.isEmpty else { return }
                let raw = RawStatement(try insertion(db, of: count), in: db)
                for start in stride(from: indices.startIndex, to: indices.endIndex, by: count) {
                    try raw.run { row in
                        for index in indices[start..<(start + count)] {
                            let pk = last + Int64(inserted.count) + 1
                            row.bind(pk)
                            items[index].bind(to: &row)
                            inserted[items[index].key] = pk
                        }
                    }
                }
            }
            let whole = order.count / rowsPerInsert * rowsPerInsert
            try insert(order[..<whole], by: rowsPerInsert)
            try insert(order[whole...], by: 1)
        }
        return inserted
    }

    /// Not kept compiled, it is among the largest: new downloads are rare, and many when they come. `OR FAIL` because the whole
    /// transaction is given up for a row that fails, so that SQLite need not keep what the statement's other rows overwrote.
    private static func insertion(_ db: Database, of rows: Int) throws -> Statement {
        let row = "(\(Array(repeating: "?", count: columnCount).joined(separator: ", ")))"
        return try db.makeStatement(
            sql: """
                INSERT OR FAIL INTO tbx_item(\(columns))
                VALUES \(Array(repeating: row, count: rows).joined(separator: ", "))
                """)
    }

    private static func insertSamples(
        _ db: Database, _ changes: SnapshotChanges, inserted: [ItemKey: Int64]
    ) throws {
        guard !changes.samples.isEmpty else { return }
        let lookup = try db.cachedStatement(
            sql: "SELECT item_pk FROM tbx_item WHERE asset = ? AND queued = ? AND item_id = ?")
        var known = inserted
        for item in changes.updates + changes.moves { known[item.key] = item.pk }
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO tbx_sample(item_pk, at_ms, downloaded, uploaded) VALUES (?, ?, ?, ?)")
        let raw = RawStatement(statement, in: db)
        for (key, sample) in changes.samples {
            let arguments: StatementArguments = [key.asset.rawValue, key.isQueued, key.id]
            guard let pk = try known[key] ?? Int64.fetchOne(lookup, arguments: arguments) else { continue }
            try raw.run { row in
                row.bind(pk)
                row.bind(sample.at.milliseconds)
                row.bind(sample.downloaded)
                row.bind(sample.uploaded)
            }
        }
    }
}

extension TrackedItem {
    /// All columns but the key of the row, in the order of `SnapshotRepository.columns`.
    fileprivate func bind(to row: inout RawStatement.Binder) {
        row.bind(key.asset.rawValue)
        row.bind(Int64(key.isQueued ? 1 : 0))
        row.bind(key.id)
        row.bind(hash)
        bindFacts(to: &row)
    }

    /// The columns behind key and hash.
    fileprivate func bindFacts(to row: inout RawStatement.Binder) {
        row.bind(name)
        row.bind(state)
        row.bind(downloaded)
        row.bind(uploaded)
        row.bind(progress)
        row.bind(firstSeen.milliseconds)
        row.bind(lastSeen.milliseconds)
        row.bind(Int64(misses))
        row.bind(missingSince?.milliseconds)
        row.bind(telemetry.lastDownloadActivity?.milliseconds)
        row.bind(telemetry.lastUploadActivity?.milliseconds)
        row.bind(telemetry.downloadStalledSince?.milliseconds)
        row.bind(telemetry.uploadStalledSince?.milliseconds)
        row.bind(downloadWatchedSince.milliseconds)
        row.bind(uploadWatchedSince.milliseconds)
        row.bind(sampledAt?.milliseconds)
    }

    /// From the columns in the order of `SnapshotRepository.columns`. Nil for a kind that this version does not know.
    fileprivate init?(_ row: RawStatement.Columns, _ texts: inout SharedTexts) {
        guard let asset = row.text(1).flatMap(AssetType.init(rawValue:)) else { return nil }
        // The table is STRICT: columns that cannot be null are not.
        func whole(_ index: Int) -> Int64 { row.integer(index) ?? 0 }
        func time(_ index: Int) -> Timestamp? { row.integer(index).map { Timestamp(milliseconds: $0) } }
        let key = ItemKey(asset: asset, isQueued: whole(2) != 0, id: whole(3))
        let (hash, name) = texts.of(key)
        self.init(
            pk: row.integer(0), key: key, hash: row.text(4, sharing: hash), name: row.text(5, sharing: name),
            state: row.text(6), downloaded: row.integer(7), uploaded: row.integer(8),
            progress: row.number(9), firstSeen: Timestamp(milliseconds: whole(10)),
            lastSeen: Timestamp(milliseconds: whole(11)), misses: Int(whole(12)), missingSince: time(13),
            telemetry: Telemetry(
                lastDownloadActivity: time(14), lastUploadActivity: time(15), downloadStalledSince: time(16),
                uploadStalledSince: time(17)),
            downloadWatchedSince: time(18), uploadWatchedSince: time(19), sampledAt: time(20))
    }
}
