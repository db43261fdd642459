import Foundation
import Synchronization

/// The largest memory of all processes of the service together while something runs.
final class MemoryWatch: Sendable {
    private let peak = Mutex(0.0)

    /// Looks ten times a second while `body` runs.
    static func peak<Value: Sendable>(
        of service: RunningService, _ body: @Sendable () async throws -> Value
    ) async throws -> (value: Value, megabytes: Double) {
        let watch = MemoryWatch()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    watch.take(service.pssMegabytes)
                    try? await Task.sleep(for: .milliseconds(100))  // Cancelled: the loop ends.
                }
            }
            let value = try await body()
            watch.take(service.pssMegabytes)
            group.cancelAll()
            return (value, watch.peak.withLock { $0 })
        }
    }

    private func take(_ megabytes: Double) { peak.withLock { $0 = max($0, megabytes) } }
}
