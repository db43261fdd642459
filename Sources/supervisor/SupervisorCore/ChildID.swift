/// Which child a process, a log line or an event is about; stays the same over restarts.
package enum ChildID: Hashable, Sendable, Comparable, CustomStringConvertible {
    case worker(Int)
    /// Counted from 0: a reload starts the next gateway before it ends the one that serves.
    case nthGateway(Int)

    /// The first.
    package static let gateway = ChildID.nthGateway(0)

    /// `worker-0`; `gateway` for every one of them, since only one at a time is meant to stay.
    package var description: String {
        switch self {
        case .worker(let index): "worker-\(index)"
        case .nthGateway: "gateway"
        }
    }

    package var isWorker: Bool { if case .worker = self { true } else { false } }

    package var isGateway: Bool { !isWorker }

    /// The gateway that replaces this one.
    var successor: ChildID {
        switch self {
        case .worker: self
        case .nthGateway(let number): .nthGateway(number + 1)
        }
    }
}
