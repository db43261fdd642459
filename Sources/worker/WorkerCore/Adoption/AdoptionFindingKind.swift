import RuleEngine

/// What the adoption of a stock data directory may notice, besides oddities of rules. Raw values are stable: reports and
/// `docs/adopt.md` name them.
enum AdoptionFindingKind: String, CaseIterable, Sendable {
    // Somebody is left out.
    case fileRefused = "file-refused"
    case alreadyHere = "already-here"
    case idTaken = "id-taken"
    // Taken in with something missing.
    case keyUnreadable = "key-unreadable"
    case keyMissing = "key-missing"
    case keyStray = "key-stray"
    case idUnreadable = "id-unreadable"
    case fileUnregistered = "file-unregistered"
    case secretUnreadable = "secret-unreadable"
    case archivesDiffer = "archives-differ"
    case idsText = "ids-text"
    case timesUnreadable = "times-unreadable"
    case uploadFileMissing = "upload-file-missing"
    case uploadFileDiffers = "upload-file-differs"
    case uploadPathForeign = "upload-path-foreign"
    case ruleTagGone = "rule-tag-gone"
    // Put right.
    case keyRenewed = "key-renewed"
    case idCorrected = "id-corrected"
    case fileMissing = "file-missing"
    case fileElsewhere = "file-elsewhere"
    case flagsDiffer = "flags-differ"
    case rowsRemoved = "rows-removed"
    case idsWhole = "ids-whole"
    case timesRespelled = "times-respelled"
    case logOfGoneRules = "log-of-gone-rules"
    case uploadsInterrupted = "uploads-interrupted"
    case actionsDropped = "actions-dropped"

    /// In words, for all of a kind.
    var meaning: String {
        switch self {
        case .fileRefused: "not adopted: the file cannot be used; mend it or take it from a backup, then run again"
        case .alreadyHere: "not adopted: the user has a file or a registration here, which is left as it is"
        case .idTaken: "not adopted: the same API key is registered a second time under its usual id, which was adopted"
        case .keyUnreadable:
            "the API key was stored under another master key: rules and history are here, the user registers again by visiting"
        case .keyMissing: "the API key is missing: rules and history are here, the user registers again by visiting"
        case .keyStray: "an API key of nobody, left out"
        case .idUnreadable: "a registration whose id is none, left out"
        case .fileUnregistered: "a user's file without a registration: it is here for when the user registers"
        case .secretUnreadable: "a stored key of another service does not open; kept as it is"
        case .archivesDiffer: "one number was archived for different downloads; the newest row stays"
        case .idsText: "download numbers that are no numbers, kept as they are; they match no download"
        case .timesUnreadable: "times that cannot be read, kept as they are; they count as unknown"
        case .uploadFileMissing: "the file of a waiting upload is missing; the upload will say so"
        case .uploadFileDiffers: "another file is in the place of an upload's; neither was touched"
        case .uploadPathForeign: "an upload names a file outside its user's folder; the file was not copied"
        case .ruleTagGone: "switched off: the rule names a tag that no longer exists"
        case .keyRenewed: "the API key was encrypted anew under the current master key"
        case .idCorrected: "the id of the keyed hash of March 2026 became the usual one"
        case .fileMissing: "registered without a file; the service makes one when needed"
        case .fileElsewhere: "the file was found where the registration says, outside the given directory"
        case .flagsDiffer: "user and API key disagreed about being active; the user is inactive, as before"
        case .rowsRemoved: "rows that said nothing: doubles, or of what is gone"
        case .idsWhole: "download numbers written as floating point are whole numbers again"
        case .timesRespelled: "times brought to one spelling, the moment unchanged"
        case .logOfGoneRules: "log rows of rules that are gone; kept"
        case .uploadsInterrupted: "uploads that were under way are looked up at TorBox before anything is sent again"
        case .actionsDropped: "batches that waited to be carried out; dropped, rules decide anew"
        }
    }

    /// Whether somebody should look, or it is only worth knowing.
    var isForPeople: Bool {
        switch self {
        case .keyRenewed, .idCorrected, .fileMissing, .fileElsewhere, .flagsDiffer, .rowsRemoved, .idsWhole,
            .timesRespelled, .logOfGoneRules, .uploadsInterrupted, .actionsDropped:
            false
        default: true
        }
    }

    /// Whether the user was left out.
    var isRefusal: Bool { [.fileRefused, .alreadyHere, .idTaken].contains(self) }
}

extension StockRuleVerdict.Kind {
    /// In words, for all of a kind.
    var meaning: String {
        switch self {
        case .unitConverted: "sizes of January's rules, in MiB, are in GiB now: the same size"
        case .progressConverted: "progress as a share of 1 is in percent now: the same progress"
        case .operatorFilled: "a text condition without an operator meant contains, and says so now"
        case .numberRead: "a number written as something else is a number now"
        case .cooldown: "the cooldown became the rule's interval"
        case .unitDoubt: "a size that may still be meant in MiB; kept in GiB, as it was evaluated"
        case .neverHolds: "a condition that never held for anything, and does not here"
        case .stallState: "stalls count only in the matching state, as in later versions"
        case .averageWindow: "an average over more than a day, which really looks back that far now"
        case .pace: "rules of January ran at every poll; now at their interval"
        case .progressScale: "switched off: progress was compared on another scale"
        case .unitUnknown: "switched off: nobody can tell whether a size is MiB or GiB"
        case .operatorGuessed: "switched off: its operator was taken for another one"
        case .actionUnknown: "switched off: its action does not exist any more, or cannot be read"
        case .emptyConditions: "switched off: without conditions it acted on everything"
        case .notUnderstood: "switched off: a condition is not understood here"
        }
    }

    var isForPeople: Bool { isLoss || self == .unitDoubt || self == .averageWindow || self == .progressConverted }
}
