import Dispatch

/// Runs file work off the cooperative pool, whose few threads must never wait for a disk.
package enum Blocking {
    // Dispatch makes at most 64 threads for it; callers bound how much they start.
    private static let queue = DispatchQueue(label: "torbox.storage.files", attributes: .concurrent)

    /// Runs `work` on a thread that may block, without a change when the calling one may. Not interrupted by cancellation:
    /// files are never left half done.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        if WaitingThread.isCurrent { return try work() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
