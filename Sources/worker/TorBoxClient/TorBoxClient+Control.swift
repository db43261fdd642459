import DomainModel
import NIOHTTP1

extension TorBoxClient {
    /// Carries out one change, once. Waits for pace and a slot within `budget`; once sent, the change has the full
    /// action time-out. Never throws: the result says what is known.
    ///
    /// - Parameter turns: What TorBox answers is looked at in one of them.
    package func perform(
        _ call: ControlCall, for account: TorBoxAccount, within budget: Duration? = nil,
        in turns: some WorkTurns = OneTurn()
    ) async -> ControlResult {
        let deadline = deadline(budget, default: configuration.callBudget)
        if case .setAirlock(let item, let isAirlocked) = call {
            return await setAirlock(item, isAirlocked, call, for: account, until: deadline, in: turns)
        }
        do {
            let request = try ControlRequest.request(for: call)
            return await send(request, call, for: account, until: deadline, in: turns)
        } catch {
            return .refused(code: Self.unsupported, detail: error.why)
        }
    }

    /// The code of refusals that are ours.
    private static var unsupported: String { "UNSUPPORTED" }

    private func send(
        _ request: TorBoxRequest, _ call: ControlCall, for account: TorBoxAccount, until deadline: Duration,
        in turns: some WorkTurns
    ) async -> ControlResult {
        switch await exchange(request, for: account, until: deadline) {
        case .success(let answer):
            return await turns.work {
                let wait = retryAfter(answer)
                feedOutage(AnswerReading.problem(answer, retryAfter: wait))
                return ControlVerdict.verdict(on: answer, to: call, retryAfter: wait)
            }
        case .failure(let failure):
            if failure.wasTried { feedOutage(failure.error) }
            return Self.result(of: failure)
        }
    }

    private static func result(of failure: ExchangeFailure) -> ControlResult {
        if failure.mayHaveArrived { return .unknown(reason: failure.error.description) }
        if failure.error.code == .rateLimited {
            return .limited(retryAfter: failure.error.retryAfter ?? RateWindow.defaultBlock)
        }
        return .notSent(reason: failure.error.description)
    }

    // MARK: Airlock

    private func setAirlock(
        _ item: ItemKey, _ isAirlocked: Bool, _ call: ControlCall, for account: TorBoxAccount,
        until deadline: Duration, in turns: some WorkTurns
    ) async -> ControlResult {
        guard !item.isQueued, item.id > 0 else {
            return .refused(code: Self.unsupported, detail: "only listed downloads have an airlock, not \(item)")
        }
        let request: TorBoxRequest
        do {
            let row = try await read(
                Self.itemRequest(item.asset, id: item.id), for: account, until: deadline, in: turns
            ) { answer throws(TorBoxError) in
                try Self.row(answer, id: item.id)
            }
            request = try await turns.work {
                try AirlockEdit(row, asset: item.asset, id: item.id, isAirlocked: isAirlocked).request()
            }
        } catch {
            return Self.resultOfFailedReading(error)
        }
        return await send(request, call, for: account, until: deadline, in: turns)
    }

    /// The row as TorBox sent it, with all that an edit has to keep.
    private static func row(_ answer: HTTPAnswer, id: Int64) throws(TorBoxError) -> JSONValue {
        guard let envelope = Envelope(answer.body) else {
            throw TorBoxError(.malformed, "the answer is no JSON object", status: answer.status)
        }
        if envelope.success == false, envelope.errorCode != nil {
            throw AnswerReading.refusal(
                errorCode: envelope.errorCode, detail: envelope.detail, status: answer.status)
        }
        guard envelope.success == true, let data = envelope.data else {
            throw .incomplete(.notSuccessful, "the answer does not say success", status: answer.status)
        }
        guard let row = (data.arrayValue ?? [data]).first(where: { $0["id"]?.integerValue == id }) else {
            throw .incomplete(.noData, "the answer does not hold the item that was asked for", status: answer.status)
        }
        return row
    }

    /// The edit was never sent, whatever the reading met.
    private static func resultOfFailedReading(_ error: any Error) -> ControlResult {
        guard let error = error as? TorBoxError else {
            let why = (error as? AirlockEdit.UnusableRow)?.why ?? "\(error)"
            return .refused(code: unsupported, detail: why)
        }
        if error.isItemNotFound { return .alreadyGone }
        return switch error.code {
        case .unauthorized: .unauthorized(code: error.torboxCode ?? "HTTP_\(error.status ?? 0)")
        case .rateLimited: .limited(retryAfter: error.retryAfter ?? RateWindow.defaultBlock)
        case .planRestricted, .refused:
            .refused(code: error.torboxCode ?? "HTTP_\(error.status ?? 0)", detail: error.detail)
        default: .notSent(reason: "reading the item before the edit failed: \(error)")
        }
    }
}
