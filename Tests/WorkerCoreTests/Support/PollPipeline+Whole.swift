import DomainModel
import TorBoxClient

@testable import WorkerCore

extension PollPipeline {
    /// A whole poll, as one piece of work.
    func poll(_ user: UserID, leaving place: PollPlace = .kept) async -> Result {
        switch await conclude(user) {
        case .over(let result): result
        case .act(let conclusion): await act(on: conclusion, of: user, in: OneTurn(), leaving: place)
        }
    }
}
