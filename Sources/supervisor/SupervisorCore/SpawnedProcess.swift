import CProcess
import Glibc
import ServiceSupport
import Synchronization

/// A running child process of ours. Whoever holds it must await ``ended()`` once: that reaps it.
final class SpawnedProcess: Sendable {
    let pid: Int32
    private let pidfd: Int32
    /// Held over every signal, so that none goes to a number that has been given to somebody else.
    private let isReaped = Mutex(false)

    init(pid: Int32, pidfd: Int32) {
        self.pid = pid
        self.pidfd = pidfd
    }

    /// Does nothing once the process has been reaped.
    func send(_ signal: ChildSignal) {
        isReaped.withLock { isReaped in
            guard !isReaped else { return }
            kill(signal == .kill ? -pid : pid, signal.number)
        }
    }

    /// Waits for the end and takes the process off the table, with whatever is left of its group.
    func ended() async -> ProcessExit {
        await ExitWatcher.shared.ended(pidfd)
        defer { close(pidfd) }
        return isReaped.withLock { isReaped in
            // The number is still ours until it is reaped, and so is the group of that number.
            kill(-pid, SIGKILL)
            var how = cprocess_exit()
            let error = cprocess_reap(pid, &how)
            isReaped = true
            // ECHILD: somebody has set SIGCHLD to be ignored, and the status is lost.
            guard error == 0 else { return .exited(ExitCode.bug) }
            return how.is_signal != 0 ? .signalled(how.value) : .exited(how.value)
        }
    }
}
