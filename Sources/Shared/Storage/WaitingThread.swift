import Glibc

/// Threads that may wait for a disk: what runs on them reads and writes files where it stands, without two changes of
/// threads for each access. Threads of the cooperative pool, one a core, never may.
package enum WaitingThread {
    // Where each thread keeps its mark; a thread that was never marked has nil.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "no key for a thread's mark: error \(code)")
        return key
    }()

    /// Whether the calling thread may wait.
    package static var isCurrent: Bool { pthread_getspecific(key) != nil }

    /// Marks the calling thread, until ``unmarkCurrent()``.
    package static func markCurrent() { pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1)) }

    /// For threads that are only lent.
    package static func unmarkCurrent() { pthread_setspecific(key, nil) }
}
