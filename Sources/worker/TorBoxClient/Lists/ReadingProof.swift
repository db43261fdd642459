import DomainModel
import Synchronization

/// What a kind's last whole reading showed. A reading that shows the same, row for row, need not prove once more that
/// no page follows and that the queue stood still meanwhile: two calls less for each poll of an unchanged library.
///
/// What this can overlook is a new row behind a page that looks unfinished and is the same as before, which needs a
/// server that cuts pages short and puts new rows last; TorBox is known for neither. Such a row is found when the
/// proof is used up. Rows that were known cannot be missed: they are what is compared.
struct ReadingProof: Sendable, Equatable {
    /// Readings that rely on one proof before it is made anew.
    static let maximumUses = 10
    /// The same as a time, for users who are polled seldom.
    static let maximumAge: Duration = .seconds(3_600)

    let list: Int
    let queue: Int
    /// Uptime.
    private let made: Duration
    private var uses = 0

    /// Nil when either took more than one page's rows, or when a single look proves everything anyway.
    init?(list: PageWalk, queue: PageWalk, at now: Duration) {
        guard list.pages > 1 || queue.pages > 1 || !queue.items.isEmpty else { return nil }
        guard let listed = list.fingerprint, let queued = queue.fingerprint else { return nil }
        (self.list, self.queue, made) = (listed, queued, now)
    }

    func isUsable(at now: Duration) -> Bool { uses < Self.maximumUses && now - made < Self.maximumAge }

    func usedOnce() -> ReadingProof {
        var used = self
        used.uses += 1
        return used
    }
}

/// The proofs of all users, in memory only.
final class ProofBook: Sendable {
    private struct Key: Hashable {
        let user: UserID
        let asset: AssetType
    }

    /// About 5 MB. Without room, readings prove everything, as they do without a proof.
    static let maximumEntries = 50_000

    private let proofs = Mutex<[Key: ReadingProof]>([:])

    /// The proof to rely on now. It is gone from the book until ``keep(_:_:of:at:)``: a reading that fails leaves none.
    func take(_ asset: AssetType, of user: UserID, at now: Duration) -> ReadingProof? {
        let proof = proofs.withLock { $0.removeValue(forKey: Key(user: user, asset: asset)) }
        return proof.flatMap { $0.isUsable(at: now) ? $0 : nil }
    }

    func keep(_ proof: ReadingProof, _ asset: AssetType, of user: UserID, at now: Duration) {
        proofs.withLock { proofs in
            if proofs.count >= Self.maximumEntries { proofs = proofs.filter { $0.value.isUsable(at: now) } }
            guard proofs.count < Self.maximumEntries else { return }
            proofs[Key(user: user, asset: asset)] = proof
        }
    }
}
