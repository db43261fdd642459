import Foundation
import Synchronization

/// A client that asks now and then while the service is busy with something else: what people see meanwhile.
final class Bystander: Sendable {
    private let waits = Mutex<[Double]>([])
    // A flag, because cancelling a request of URLSession's may block for good: its end and its cancelling wait for each other.
    private let isOver = Atomic(false)

    /// Asks for `path` 20 times a second at most while `body` runs. Returns what `body` gave and the waits, milliseconds, sorted.
    static func during<Value: Sendable>(
        _ service: RunningService, path: String = "/health", key: String? = nil,
        _ body: @Sendable () async throws -> Value
    ) async throws -> (value: Value, waits: [Double]) {
        let bystander = Bystander()
        // Unstructured so that an error of `body` cancels nothing; ended by the flag.
        let asking = Task { try await bystander.ask(service, path, key) }
        defer { bystander.isOver.store(true, ordering: .relaxed) }
        let value = try await body()
        bystander.isOver.store(true, ordering: .relaxed)
        try await asking.value
        return (value, bystander.waits.withLock { $0.sorted() })
    }

    private func ask(_ service: RunningService, _ path: String, _ key: String?) async throws {
        while !isOver.load(ordering: .relaxed) {
            let began = ContinuousClock.now
            // A failed answer counts with the time that it took; others tell of errors.
            _ = try? await service.send("GET", path, key: key)
            let took = began.duration(to: .now)
            waits.withLock { $0.append(took.inMilliseconds) }
            try await Task.sleep(for: .milliseconds(50) - took)
        }
    }
}

extension [Double] {
    /// Of sorted values; 0 when there are none.
    func percentile(_ share: Double) -> Double {
        isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
