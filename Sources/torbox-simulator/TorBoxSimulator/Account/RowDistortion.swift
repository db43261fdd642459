/// What a fault does to the rows of one list answer; the account itself is not touched.
struct RowDistortion {
    var kinds: [FaultKind]
    /// Ids of the torrent list, newest first, for ``FaultKind/duplicateIDs``.
    var torrentIDs: [Int] = []

    /// The first row of a page.
    func offset(_ offset: Int) -> Int {
        guard offset > 0 else { return offset }
        return kinds.reduce(offset) { start, kind in
            if case .shiftedPages(let shift) = kind { max(0, start + shift) } else { start }
        }
    }

    /// The rows of the answer out of those of the page.
    func kept<Row>(_ rows: [Row], id: (Row) -> Int) -> [Row] {
        kinds.reduce(rows) { rows, kind in
            switch kind {
            case .emptyList: return []
            case .halfList: return Array(rows.prefix(rows.count / 2))
            case .vanished(let ids) where ids.isEmpty:
                return rows.enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
            case .vanished(let ids): return rows.filter { !ids.contains(id($0)) }
            default: return rows
            }
        }
    }

    /// - Parameter place: The row's place in the answer.
    func distort(_ item: inout SimulatedItem, place: Int) {
        for kind in kinds {
            switch kind {
            case .duplicateIDs where item.kind != .torrent && place < torrentIDs.count: item.id = torrentIDs[place]
            case .withoutIDs: item.omittedKeys.insert("id")
            case .unknownState(let state): item.downloadState = state
            case .wrongTypes: confuseTypes(&item)
            default: continue
            }
        }
    }

    func distort(_ item: inout SimulatedQueueItem, place: Int) {
        for kind in kinds {
            switch kind {
            case .duplicateIDs where place < torrentIDs.count: item.id = torrentIDs[place]
            case .withoutIDs: item.omittedKeys.insert("id")
            case .wrongTypes: item.overrides = ["id": "\"\(item.id)\"", "hash": "17", "name": "[]", "created_at": "0"]
            default: continue
            }
        }
    }

    private func confuseTypes(_ item: inout SimulatedItem) {
        item.overrides.merge(
            [
                "id": "\"\(item.id)\"", "hash": "17", "name": "{}", "size": "\"big\"", "active": "\"yes\"",
                "created_at": "12", "download_state": "7", "progress": "\"half\"", "ratio": "[1]", "eta": "true",
                "seeds": "\"3\"", "files": "\"none\"", "tags": "\"a,b\"", "download_present": "\"true\"",
            ], uniquingKeysWith: { _, new in new })
    }
}
