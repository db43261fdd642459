import DomainModel
import ServiceSupport
import WireProtocol

/// Whether a request that a worker did not carry out is sent again. Pure.
struct WorkerRetryPolicy: Sendable {
    enum Verdict: Sendable, Equatable {
        /// After a short pause, to the owner by the newest map.
        case again
        /// Once the map has at least this epoch.
        case againWithMap(epoch: UInt64)
        /// At once, to the owner of this user, to whom the key belongs.
        case follow(UserID)
        /// The answer is the caller's.
        case deliver
        case fail(Problem)
    }

    /// Refusals for lack of room that are waited out; then the client is told to come back, so that a crowd does
    /// not pile up here instead of there.
    static let maximumOverloads = 3

    /// Pauses between attempts: 10, 20, 40 ... 250 ms. A worker is back 20 to 30 ms after it died.
    static let pauses = Backoff(base: .milliseconds(10), cap: .milliseconds(250))

    /// What an answer means. `epoch` is the map's that the request went by.
    static func verdict(on response: WorkerResponse, epoch: UInt64, overloads: Int) -> Verdict {
        switch response.code {
        case WorkerResponse.movedCode:
            let theirs = response.epoch ?? 0
            // A worker that is behind us learns the new map any moment.
            return theirs > epoch ? .againWithMap(epoch: theirs) : .again
        case "draining" where response.status == 503:
            return .again
        case "overloaded" where response.status == 503:
            return overloads < maximumOverloads ? .again : .fail(.busy)
        default:
            return .deliver
        }
    }

    /// What a failure means. Only a repeatable request is sent again when its fate is unknown.
    static func verdict(on error: any Error, isRepeatable: Bool, overloads: Int) -> Verdict {
        switch (error as? WireError)?.code {
        case WireError.Code.unreachable: .again
        case WireError.Code.overloaded: overloads < maximumOverloads ? .again : .fail(.busy)
        case WireError.Code.deadlineExceeded: .fail(.timedOut)
        default: isRepeatable ? .again : .fail(.outcomeUnknown)
        }
    }
}
