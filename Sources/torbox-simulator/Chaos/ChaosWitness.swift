import ChaosVerdict
import Synchronization
import TorBoxSimulator

/// Reads along what TorBox sends, independently of the service.
final class ChaosWitness: Sendable {
    private let seen = Mutex(ShownHistory())

    var history: ShownHistory { seen.withLock { $0 } }

    /// Called for one call of an account after the other.
    @Sendable func read(_ call: CallRecord, _ body: [UInt8]) {
        guard let account = call.account, let showing = Showing(call, body: body) else { return }
        seen.withLock { $0.add(showing, to: account) }
    }
}
