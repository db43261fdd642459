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

    private struct State {
        var proofs: [Key: ReadingProof] = [:]
        var nextSweep: Duration = .zero
    }

    private let maximumEntries: Int
    private let state = Mutex(State())

    /// - Parameter maximumEntries: Without room, readings prove everything, as they do without a proof. 50,000 are about
    ///   5 MB.
    init(maximumEntries: Int = 50_000) { self.maximumEntries = maximumEntries }

    /// The proof to rely on now. It is gone from the book until ``keep(_:_:of:at:)``: a reading that fails leaves none.
    func take(_ asset: AssetType, of user: UserID, at now: Duration) -> ReadingProof? {
        let proof = state.withLock { $0.proofs.removeValue(forKey: Key(user: user, asset: asset)) }
        return proof.flatMap { $0.isUsable(at: now) ? $0 : nil }
    }

    func keep(_ proof: ReadingProof, _ asset: AssetType, of user: UserID, at now: Duration) {
        state.withLock { state in
            sweepIfFull(&state, at: now)
            guard state.proofs.count < maximumEntries else { return }
            state.proofs[Key(user: user, asset: asset)] = proof
        }
    }

    /// Drops what is of no use any more, once a minute at most: a full book must not be walked at every poll.
    private func sweepIfFull(_ state: inout State, at now: Duration) {
        guard state.proofs.count >= maximumEntries, now >= state.nextSweep else { return }
        state.nextSweep = now + .seconds(60)
        state.proofs = state.proofs.filter { $0.value.isUsable(at: now) }
    }
}
