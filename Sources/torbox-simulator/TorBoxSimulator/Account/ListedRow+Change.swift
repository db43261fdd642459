/// What control calls do to a row.
extension ListedRow {
    enum Change {
        case stopSeeding
        case pause
        case resume
        case edit(ItemEdit)
    }

    mutating func apply(_ change: Change, at second: Int) {
        switch source {
        case .stated(var item):
            change.apply(to: &item)
            source = .stated(item)
        case .evolving(let row, var effects):
            change.apply(to: &effects, at: second)
            source = .evolving(row, effects)
        }
    }
}

extension ListedRow.Change {
    fileprivate func apply(to effects: inout RowEffects, at second: Int) {
        switch self {
        case .stopSeeding: effects.stopSeeding(at: second)
        case .pause: effects.pause(at: second)
        case .resume: effects.resume(at: second)
        case .edit(let edit): effects.edit = edit
        }
    }

    fileprivate func apply(to item: inout SimulatedItem) {
        switch self {
        case .edit(let edit): edit.apply(to: &item)
        case .stopSeeding:
            guard item.downloadFinished else { return }
            rest(&item, state: "stopped seeding")
        case .pause:
            guard item.active else { return }
            rest(&item, state: item.downloadFinished ? "pausedUP" : "paused")
        case .resume:
            guard !item.active, item.downloadState?.hasPrefix("paused") ?? false else { return }
            item.active = true
            item.downloadState = item.downloadFinished ? "uploading" : "downloading"
        }
    }

    private func rest(_ item: inout SimulatedItem, state: String) {
        item.active = false
        item.downloadState = state
        item.downloadSpeed = 0
        item.uploadSpeed = 0
        item.overrides["active"] = nil
        item.overrides["download_state"] = nil
    }
}
