extension TorBoxClient {
    /// Adds one download, once. Waits for pace and a slot within `budget`; once sent, the create has its full time-out.
    /// Never throws: the result says what is known.
    package func create(
        _ call: CreateCall, for account: TorBoxAccount, within budget: Duration? = nil
    ) async -> CreateAnswer {
        let deadline = deadline(budget, default: configuration.callBudget)
        switch await exchange(CreateRequest.request(for: call), for: account, until: deadline) {
        case .success(let answer):
            feedOutage(AnswerReading.problem(answer, retryAfter: nil))
            return CreateAnswer(
                CreateVerdict.verdict(on: answer, of: call.asset, retryAfter: statedWait(answer)),
                status: answer.status, allowance: allowance(answer))
        case .failure(let failure):
            if failure.wasTried { feedOutage(failure.error) }
            return CreateAnswer(Self.result(of: failure))
        }
    }

    private static func result(of failure: ExchangeFailure) -> CreateResult {
        if failure.mayHaveArrived {
            // A create whose caller was cancelled tells nothing about TorBox.
            return .unknown(reason: failure.error.description, isOutage: failure.error.countsAsOutage)
        }
        if failure.error.code == .rateLimited {
            return .limited(retryAfter: failure.error.retryAfter, detail: failure.error.message)
        }
        return .notSent(reason: failure.error.description)
    }

    /// What the answer itself asks for, and nothing made up: without it the caller goes by its own count.
    private func statedWait(_ answer: HTTPAnswer) -> Duration? {
        let observation = RateObservation(isRefusal: answer.status == 429, headers: answer.headers, now: time.wall())
        if let wait = observation.retryAfter ?? observation.reset { return max(.seconds(1), wait) }
        // Plain text is the edge's, whose window is a minute.
        return answer.looksLikeJSON ? nil : RateWindow.defaultBlock
    }

    private func allowance(_ answer: HTTPAnswer) -> CreateAllowance? {
        let observation = RateObservation(isRefusal: false, headers: answer.headers, now: time.wall())
        guard let limit = observation.limit, let remaining = observation.remaining else { return nil }
        return CreateAllowance(limit: limit, remaining: remaining, reset: observation.reset)
    }
}
