import DomainModel
import TorBoxClient
import UserStore

/// What a list says about a create whose answer never came. Pure.
///
/// Never a guess: without proof either way the upload waits, and in the end the user is asked.
enum UploadSettlement: Equatable {
    case found(DownloadItem)
    /// The create was not carried out: it may be sent again.
    case absent
    /// Nothing is proved yet; look again then.
    case open(until: Timestamp)
    /// Nothing can be proved any more.
    case unprovable

    /// How far TorBox's clock may be from ours when rows without a key are told by their age.
    static let clockSkewMilliseconds: Int64 = 600_000

    struct Question: Sendable {
        var asset: AssetType
        var key: UploadKey
        /// The name under which the download was sent.
        var name: String?
        var sentAt: Timestamp
    }

    /// - Parameters:
    ///   - claimed: numbers of downloads that other uploads are known to have become.
    ///   - snapshot: list and queue of the kind.
    static func decide(
        _ question: Question, claimed: Set<Int64>, in snapshot: LibrarySnapshot, _ policy: UploadPolicy,
        at now: Timestamp
    ) -> UploadSettlement {
        let items = snapshot.items.filter { $0.key.asset == question.asset }
        if let item = items.first(where: question.key.matches) { return .found(item) }
        let fresh = items.filter { isFresh($0, question, claimed) }
        if !question.key.isCertain, let item = fresh.first(where: { $0.name != nil && $0.name == question.name }) {
            return .found(item)
        }
        let provenAt = question.sentAt.advanced(byMilliseconds: policy.settleTime.milliseconds)
        let patienceEnds = question.sentAt.advanced(byMilliseconds: policy.settlePatience.milliseconds)
        guard snapshot.fetchedAt >= provenAt else { return .open(until: max(provenAt, now.advanced(bySeconds: 1))) }
        guard snapshot.plainlyEmptyOrListed.contains(question.asset) else {
            return now < patienceEnds ? .open(until: now.advanced(bySeconds: 60)) : .unprovable
        }
        // Some new download that nothing explains may be this one under another name.
        return question.key.isCertain || fresh.isEmpty ? .absent : .unprovable
    }

    /// Whether a row may have come from the create: it is not older, and no other upload's.
    private static func isFresh(_ item: DownloadItem, _ question: Question, _ claimed: Set<Int64>) -> Bool {
        guard item.key.isQueued || !claimed.contains(item.key.id) else { return false }
        guard let created = item.createdAt else { return true }
        return created.milliseconds(since: question.sentAt) >= -clockSkewMilliseconds
    }
}

extension Duration {
    /// Rounded towards zero.
    var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
