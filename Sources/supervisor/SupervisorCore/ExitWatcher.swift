import CProcess
import NIOPosix
import Synchronization

/// Tells when a process has ended, by its pidfd; one thread of its own for all of them, which never ends.
final class ExitWatcher: Sendable {
    static let shared = ExitWatcher()

    private let watch = cprocess_watch_open()
    private let waiting = Mutex<[Int32: CheckedContinuation<Void, Never>]>([:])
    private let thread = NIOThreadPool(numberOfThreads: 1)

    private init() {
        precondition(watch >= 0, "the kernel gives no epoll descriptor")
        thread.start()
        thread.submit { _ in
            // Keeps the watcher, which is the process's only one, alive for good.
            while true { self.resume(cprocess_watch_next(self.watch)) }
        }
    }

    /// Returns once the process has ended. Cancellation does not shorten the wait; kill the process for that.
    func ended(_ pidfd: Int32) async {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0[pidfd] = continuation }
            let error = cprocess_watch_add(watch, pidfd)
            precondition(error == 0, "a pidfd cannot be watched: \(SystemCall.text(error))")
        }
    }

    private func resume(_ pidfd: Int32) {
        waiting.withLock { $0.removeValue(forKey: pidfd) }?.resume()
    }
}
