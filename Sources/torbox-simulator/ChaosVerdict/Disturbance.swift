/// Something that was done to the service, or to the machine, and when.
package struct Disturbance: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case gatewayEnded = "gateway ended"
        case workerEnded = "worker ended"
        case supervisorDown = "supervisor down"
        case gatewayPaused = "gateway paused"
        case workerPaused = "worker paused"
        case supervisorPaused = "supervisor paused"
        case diskFull = "disk full"
        case torBoxSilent = "TorBox silent"
        /// This program itself did not get to run.
        case machineBusy = "machine busy"

        /// How long its effects last, in milliseconds: the start of a process on a busy machine, an answer under way.
        var tail: Int {
            switch self {
            case .gatewayEnded, .workerEnded, .supervisorDown: 20_000
            case .gatewayPaused, .workerPaused, .supervisorPaused, .machineBusy: 5_000
            case .diskFull, .torBoxSilent: 5_000
            }
        }
    }

    package var kind: Kind
    /// Unix milliseconds.
    package var began: Int
    /// Nil while it lasts.
    package var ended: Int?

    package init(_ kind: Kind, began: Int, ended: Int? = nil) {
        self.kind = kind
        self.began = began
        self.ended = ended
    }

    package func overlaps(_ range: ClosedRange<Int>, tail: Int) -> Bool {
        began <= range.upperBound && (ended.map { $0 + tail >= range.lowerBound } ?? true)
    }
}

extension [Disturbance] {
    /// What may have had an effect on something that happened in this time.
    package func felt(in range: ClosedRange<Int>) -> Set<Disturbance.Kind> {
        Set(filter { $0.overlaps(range, tail: $0.kind.tail) }.map(\.kind))
    }

    /// What was going on in this time itself, give or take a moment.
    package func present(in range: ClosedRange<Int>) -> Set<Disturbance.Kind> {
        Set(filter { $0.overlaps(range, tail: 500) }.map(\.kind))
    }
}
