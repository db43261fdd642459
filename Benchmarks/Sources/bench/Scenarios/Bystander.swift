import Foundation
import Synchronization

/// A client that asks now and then while the service is busy with something else: what people see meanwhile.
final class Bystander: Sendable {
    private let waits = Mutex<[Double]>([])

    /// Asks for `path` 50 times a second at most while `body` runs. Returns what `body` gave and the waits, milliseconds, sorted.
    static func during<Value: Sendable>(
        _ service: RunningService, path: String = "/health", key: String? = nil,
        _ body: @Sendable () async throws -> Value
    ) async throws -> (value: Value, waits: [Double]) {
        let bystander = Bystander()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    let began = ContinuousClock.now
                    // A failed answer counts with the time that it took; others tell of errors.
                    _ = try? await service.send("GET", path, key: key)
                    let took = began.duration(to: .now)
                    bystander.waits.withLock { $0.append(took.inMilliseconds) }
                    try? await Task.sleep(for: .milliseconds(20) - took)  // Cancelled: the loop ends.
                }
            }
            let value = try await body()
            group.cancelAll()
            return (value, bystander.waits.withLock { $0.sorted() })
        }
    }
}

extension [Double] {
    /// Of sorted values; 0 when there are none.
    func percentile(_ share: Double) -> Double {
        isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
