import NIOCore

/// One timer for the deadlines of many calls: nearly all are answered long before, so that a timer for each would be made and
/// taken back in vain. Lives on the event loop of its connection.
final class DeadlineWatch {
    private var next: (deadline: NIODeadline, timer: Scheduled<Void>)?

    /// Calls `look` at the deadline or before it; who has deadlines left by then asks again.
    func expect(_ deadline: NIODeadline, on loop: NIOIsolatedEventLoop, _ look: @escaping () -> Void) {
        if let next, next.deadline <= deadline { return }
        next?.timer.cancel()
        let timer = loop.scheduleTask(deadline: deadline) {
            self.next = nil
            look()
        }
        next = (deadline, timer)
    }

    func stop() {
        next?.timer.cancel()
        next = nil
    }
}
