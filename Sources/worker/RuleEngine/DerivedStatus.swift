package import DomainModel

/// What a download is doing, told from its row. The raw values are what STATUS conditions name.
package enum DerivedStatus: String, Sendable, Hashable, CaseIterable {
    case queued, failed, stalled, metadl
    case checkingResumeData = "checking_resume_data"
    case inactive, completed, downloading, seeding, uploading
    /// Present without being finished; or a row whose state cannot be read.
    case unknown

    /// The first that fits, in this order: queued by the row's own word; what the state's text says; then the
    /// combination of active, finished and present.
    package static func of(_ item: borrowing DownloadItem) -> DerivedStatus {
        if item.isMarkedQueued { return .queued }
        if item.hasUnreadableState { return .unknown }
        if let state = item.downloadState, let status = status(stateText: state, isActive: item.isActive) {
            return status
        }
        switch (item.isActive, item.isFinished, item.isPresent) {
        case (false, _, false): return .inactive
        case (false, true, true): return .completed
        case (true, false, false): return .downloading
        case (true, true, true): return .seeding
        case (true, true, false): return .uploading
        case (_, false, true): return .unknown
        }
    }

    /// The place in ``allCases``.
    var ordinal: Int {
        switch self {
        case .queued: 0
        case .failed: 1
        case .stalled: 2
        case .metadl: 3
        case .checkingResumeData: 4
        case .inactive: 5
        case .completed: 6
        case .downloading: 7
        case .seeding: 8
        case .uploading: 9
        case .unknown: 10
        }
    }

    private static let stateWords = (
        failed: TextPattern("failed"), stalled: TextPattern("stalled"), metadl: TextPattern("metadl"),
        checking: TextPattern("checkingresumedata")
    )

    private static func status(stateText: String, isActive: Bool) -> DerivedStatus? {
        guard mayHoldStateWord(stateText) else { return nil }
        if !isActive, stateWords.failed.isContained(in: stateText) { return .failed }
        if isActive, stateWords.stalled.isContained(in: stateText) { return .stalled }
        if stateWords.metadl.isContained(in: stateText) { return .metadl }
        if stateWords.checking.isContained(in: stateText) { return .checkingResumeData }
        return nil
    }

    /// Whether one of the words can be in there: each has `l` and `e`, or `k`. Most states, such as `uploading`, have neither,
    /// and every item's is asked for several times in a poll.
    private static func mayHoldStateWord(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var seen: UInt8 = 0
            for byte in bytes {
                switch byte | 0x20 {
                case UInt8(ascii: "l"): seen |= 1
                case UInt8(ascii: "e"): seen |= 2
                case UInt8(ascii: "k"): return true
                // Beyond ASCII there are letters whose lower case is one of these.
                case 0x80...: return true
                default: break
                }
            }
            return seen == 3
        }
    }
}
