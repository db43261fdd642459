/// The texts of `download_state` whose meaning is known. Pure.
///
/// Source: torbox-api section 6, which lists TorBox's own, qBittorrent's and the usenet client's. It is free text:
/// one that is not listed permits nothing destructive.
enum KnownStates {
    private static let plain: Set<String> = [
        "metadl", "forcedmetadl", "checkingresumedata", "checking", "checkingdl", "checkingup", "downloading",
        "forceddl", "allocating", "moving", "stalled", "stalleddl", "incomplete", "paused", "pauseddl", "pausedup",
        "stopped", "stoppeddl", "stoppedup", "queued", "queueddl", "queuedup", "completed", "cached", "uploading",
        "stalledup", "forcedup", "seeding", "finished", "stopped seeding", "processing", "expired", "error",
        "missingfiles", "reported missing", "failed", "missing", "repairing", "verifying", "waiting", "extracting",
        "unknown", "",
    ]
    /// Steps that carry their progress in the text, such as `Direct Unpack: 12/30`.
    private static let beginnings = ["direct unpack", "extracting", "repairing", "verifying", "checkingresumedata"]

    /// Letter case, surrounding blanks and a note in parentheses at the end aside.
    static func contains(_ text: String) -> Bool {
        let lowered = text.lowercased()
        // Nearly all are, and this is asked for each state of each poll.
        if plain.contains(lowered) { return true }
        var state = Substring(lowered)
        if state.last == ")", let open = state.firstIndex(of: "(") { state = state[..<open] }
        let name = String(state).trimmed
        return plain.contains(name) || beginnings.contains { name.hasPrefix($0) }
    }
}
