import DomainModel
import NIOHTTP1

extension TorBoxClient {
    /// The account that the key belongs to. Also sent while calls are paused: somebody is waiting, and a success ends
    /// the pause.
    package func user(
        _ account: TorBoxAccount, within budget: Duration? = nil
    ) async throws(TorBoxError) -> TorBoxUser {
        let deadline = deadline(budget, default: configuration.callBudget)
        return try await read(Self.userRequest, for: account, until: deadline) { answer throws(TorBoxError) in
            try TorBoxUser(answer)
        }
    }

    /// Asks TorBox for a sign of life while paused, with one account after the other (three at most) until one is
    /// accepted, and tells ``outage``. Accounts that are refused prove nothing either way, so the pause goes on.
    @discardableResult
    package func probe(_ accounts: [TorBoxAccount]) async -> ProbeOutcome {
        var outcome = ProbeOutcome.unreachable
        for account in accounts.prefix(3) {
            let deadline = time.uptime() + configuration.probeTimeout
            switch await exchange(Self.userRequest, for: account, until: deadline) {
            case .failure(let failure) where failure.error.code == .cancelled: return .cancelled
            case .failure: continue
            case .success(let answer):
                guard let problem = Self.probeProblem(answer) else {
                    outage.record(.reached)
                    return .reachable
                }
                if !problem.countsAsOutage { outcome = .noKeyAccepted }
            }
        }
        outage.record(.probeFailed)
        return outcome
    }

    /// Probes whenever a pause makes it due, until the task is cancelled. `accounts` gives those to probe with, best
    /// first.
    package func runRecoveryProbes(_ accounts: @Sendable () async -> [TorBoxAccount]) async {
        for await change in outage.changes() where change == .paused {
            while let wait = outage.timeUntilProbe {
                do { try await time.sleep(wait) } catch { return }
                // The pause may have ended, or the probe been put off, while this slept.
                guard outage.timeUntilProbe == .zero else { continue }
                await probe(accounts())
            }
        }
    }

    private static var userRequest: TorBoxRequest {
        TorBoxRequest(method: .GET, endpoint: .me, purpose: .probe)
    }

    private static func probeProblem(_ answer: HTTPAnswer) -> TorBoxError? {
        if let problem = AnswerReading.problem(answer, retryAfter: nil) { return problem }
        do {
            _ = try TorBoxUser(answer)
            return nil
        } catch { return error }
    }
}
