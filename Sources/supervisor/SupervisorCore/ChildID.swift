/// Which child a process, a log line or an event is about; stays the same over restarts.
package enum ChildID: Hashable, Sendable, Comparable, CustomStringConvertible {
    case worker(Int)
    case gateway

    /// `worker-0`, `gateway`.
    package var description: String {
        switch self {
        case .worker(let index): "worker-\(index)"
        case .gateway: "gateway"
        }
    }

    package var isWorker: Bool { self != .gateway }
}
