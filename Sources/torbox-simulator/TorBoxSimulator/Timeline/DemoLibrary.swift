/// A small library for showing the backend at work: about a dozen rows over all kinds and the queue.
///
/// Every role (seeding, stalled, ...) is always filled at least once: a row lives for two periods and a new one of the
/// same role is born each period, so what a rule deletes comes back under another id.
package struct DemoLibrary: Sendable, Equatable {
    /// Simulated seconds between two births of a role; at least 60.
    package var period: Int

    package init(period: Int = 300) { self.period = max(period, 60) }
}
