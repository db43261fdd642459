import ServiceLifecycle
import UnixSignals

extension TorBoxSimulator {
    /// Runs until SIGTERM, SIGINT or a shutdown over HTTP, then stops.
    package func runUntilTold() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return }
            }
            group.addTask {
                for await _ in self.shutdownRequests {}
            }
            await group.next()
            group.cancelAll()
        }
        await stop()
    }
}
