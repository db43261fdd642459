import TorBoxClient
import UserStore

/// What became of one action, in the journal's terms. Pure.
struct StepResult: Sendable, Equatable {
    /// Whether the rest of the run may go on.
    enum Consequence: Sendable, Equatable {
        case goOn
        /// The rest of this run is left alone until the rule is evaluated again.
        case endRun(reason: String)
        /// Nothing more is sent for this user; the poll ends like this.
        case endPoll(PollOutcome, reason: String)
    }

    var state: ActionState
    var detail: String?
    var consequence: Consequence = .goOn

    /// Whether it counts as done.
    var isSuccess: Bool { state == .acknowledged || state == .observed }

    init(_ state: ActionState, _ detail: String? = nil, _ consequence: Consequence = .goOn) {
        self.state = state
        self.detail = detail
        self.consequence = consequence
    }

    /// - Parameter removesItem: whether "there is no such item" is what the action wanted.
    static func of(_ result: ControlResult, removesItem: Bool) -> StepResult {
        switch result {
        case .done: StepResult(.acknowledged)
        case .alreadyGone where removesItem: StepResult(.observed, "it was gone already")
        case .alreadyGone: StepResult(.failed, "TorBox has no such item")
        case .refused(let code, let detail):
            StepResult(.failed, "TorBox refused: \(code)" + (detail.map { " (\($0))" } ?? ""))
        case .activeLimit(let detail):
            StepResult(
                .failed, detail ?? "active download limit", .endRun(reason: "the active download limit is reached"))
        case .limited(let retryAfter):
            StepResult(
                .failed, "not done: TorBox limits requests",
                .endPoll(.rateLimited(retryAfter: retryAfter), reason: "TorBox limits requests"))
        case .unknown(let reason):
            StepResult(.unknown, "fate unknown: \(reason)", .endPoll(.outage, reason: reason))
        case .notSent(let reason):
            StepResult(.failed, "not sent: \(reason)", .endPoll(.outage, reason: reason))
        case .unauthorized(let code):
            StepResult(.failed, "TorBox refused the key: \(code)", .endPoll(.unauthorized, reason: code))
        }
    }
}
