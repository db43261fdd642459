import DomainModel
import Glibc
import Synchronization

/// Which slots this process owns, backed by an exclusive lock for each in the data directory, so that a second
/// owner is impossible even when everything else is wrong.
///
/// All locks are bytes of one file, `slots.lock`: byte n is slot n. They are open-file-description locks, which
/// the kernel gives back when the process ends in whatever way.
final class SlotOwnership: Sendable {
    private let descriptor: Int32
    private struct State {
        /// Whose locks we hold.
        var locked: Set<Slot> = []
        /// Of those, the ones that we still serve.
        var served: Set<Slot> = []
    }
    private let state = Mutex(State())

    /// Opens (and creates, mode 0600) the lock file.
    init(dataDirectory: String) throws {
        let path = dataDirectory + "/slots.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SlotLockError(path: path, slot: nil, code: errno)
        }
    }

    deinit { close(descriptor) }

    /// The slots that are served now.
    var slots: Set<Slot> { state.withLock(\.served) }

    func owns(_ slot: Slot) -> Bool { state.withLock { $0.served.contains(slot) } }

    /// Takes the lock of each slot, or throws without keeping any of the new ones: another process owns one.
    ///
    /// - Parameter serving: false keeps the new ones unserved until ``serve(_:)``.
    func acquire(_ slots: some Collection<Slot>, serving: Bool = true) throws {
        var taken: [Slot] = []
        let held = state.withLock(\.locked)
        do {
            for slot in slots where !held.contains(slot) {
                try lock(slot, type: Int16(F_WRLCK))
                taken.append(slot)
            }
        } catch {
            for slot in taken { try? lock(slot, type: Int16(F_UNLCK)) }  // Nothing is lost: we never used them.
            throw error
        }
        state.withLock {
            $0.locked.formUnion(taken)
            if serving { $0.served.formUnion(slots) }
        }
    }

    /// Serves slots whose locks are held, once their users are known.
    func serve(_ slots: some Collection<Slot>) {
        state.withLock { $0.served.formUnion($0.locked.intersection(slots)) }
    }

    /// Serves these no longer; the locks stay until everything of theirs is closed and ``release(_:)`` is called.
    func retire(_ slots: some Collection<Slot>) { state.withLock { $0.served.subtract(slots) } }

    /// Gives the locks back. Only after everything of these slots is closed.
    func release(_ slots: some Collection<Slot>) throws {
        retire(slots)
        for slot in slots where state.withLock({ $0.locked.contains(slot) }) {
            try lock(slot, type: Int16(F_UNLCK))
            state.withLock { _ = $0.locked.remove(slot) }
        }
    }

    private func lock(_ slot: Slot, type: Int16) throws {
        var request = flock(l_type: type, l_whence: Int16(SEEK_SET), l_start: Int(slot.number), l_len: 1, l_pid: 0)
        guard fcntl(descriptor, openFileSetLock, &request) == 0 else {
            throw SlotLockError(path: "slots.lock", slot: slot, code: errno)
        }
    }
}

/// `F_OFD_SETLK`, which the C library shows only to GNU sources.
private let openFileSetLock: Int32 = 37

/// A slot's lock could not be taken.
struct SlotLockError: Error, CustomStringConvertible {
    var path: String
    var slot: Slot?
    var code: Int32

    /// Whether another process holds the lock: it is still at work, so trying again helps.
    var isHeldElsewhere: Bool { slot != nil && (code == EAGAIN || code == EACCES) }

    var description: String {
        guard let slot else {
            return "cannot open \(path): \(String(cString: strerror(code))); check that DATA_DIR exists and is writable"
        }
        return isHeldElsewhere
            ? "slot \(slot) is owned by another process of this data directory; stop it first"
            : "cannot lock slot \(slot): \(String(cString: strerror(code)))"
    }
}
