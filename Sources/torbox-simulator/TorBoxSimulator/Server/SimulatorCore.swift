import Synchronization

/// All state of a running simulator, and the decision on every call; knows no sockets.
final class SimulatorCore: Sendable {
    let configuration: SimulatorConfiguration
    var clock: SimulatedClock { configuration.clock }
    private let accounts = Mutex<[String: AccountCell]>([:])
    private let plan: Mutex<FaultPlan>
    private let log: Mutex<CallLog>

    /// Bytes of a body kept in the log.
    private static let loggedBody = 4_096

    init(configuration: SimulatorConfiguration) {
        self.configuration = configuration
        plan = Mutex(FaultPlan(seed: configuration.seed))
        log = Mutex(CallLog(limit: configuration.callLogLimit))
    }

    // MARK: - Accounts

    func addAccount(_ key: String, _ settings: AccountSettings) -> AccountIdentity {
        let cell = AccountCell(key: key, settings: settings, base: clock.startSecond)
        accounts.withLock { $0[key] = cell }
        return cell.identity
    }

    /// The account of a key under another one from now on. False when there is none.
    func changeKey(of key: String, to newKey: String) -> Bool {
        accounts.withLock { accounts in
            guard let cell = accounts.removeValue(forKey: key) else { return false }
            accounts[newKey] = cell
            return true
        }
    }

    func removeAccount(_ key: String) -> Bool { accounts.withLock { $0.removeValue(forKey: key) != nil } }

    func cell(_ key: String) -> AccountCell? { accounts.withLock { $0[key] } }

    func allCells() -> [AccountCell] { accounts.withLock { Array($0.values) } }

    private func cellForCall(_ key: String) -> AccountCell? {
        accounts.withLock { accounts in
            if let cell = accounts[key] { return cell }
            guard let settings = configuration.unknownKeys else { return nil }
            let cell = AccountCell(key: key, settings: settings, base: clock.startSecond)
            accounts[key] = cell
            return cell
        }
    }

    // MARK: - Faults and calls

    func add(_ fault: SimulatedFault) -> Int { plan.withLock { $0.add(fault, now: clock.realMilliseconds) } }

    func removeFault(_ id: Int?) { plan.withLock { $0.remove(id) } }

    var faults: [FaultPlan.Entry] { plan.withLock { $0.entries } }

    func calls(since: Int, account: String?, endpoint: SimulatorEndpoint?) -> [CallRecord] {
        // Either a key, of an account that may be gone by now, or a short id.
        let ids = account.map { [AccountIdentity(key: $0).shortID, $0] }
        return log.withLock { $0.calls(since: since, accounts: ids, endpoint: endpoint) }
    }

    var statistics: SimulatorStatistics { log.withLock { $0.statistics } }

    // MARK: - One call

    /// Decides a call, applies its effect, and logs it.
    func decide(_ incoming: IncomingCall) -> Decision {
        let now = clock.realMilliseconds
        let endpoint = SimulatorEndpoint(path: incoming.path)
        let cell = incoming.key.flatMap(cellForCall)
        let faults = CallFaults(
            plan.withLock { $0.strikes(account: cell?.identity, endpoint: endpoint, now: now) })
        guard let cell else {
            let answer = faults.replacement?.replacementAnswer ?? accountless(incoming, endpoint)
            record(incoming, answer, faults, account: nil, now: now)
            return Decision(answer: answer, faults: faults)
        }
        return cell.withLock { content in
            let answer = answer(incoming, endpoint, faults, &content, now: now)
            record(incoming, answer, faults, account: cell.identity, now: now)
            return Decision(answer: answer, faults: faults)
        }
    }

    /// The answer to a call without a known key.
    private func accountless(_ incoming: IncomingCall, _ endpoint: SimulatorEndpoint?) -> Answer {
        guard let endpoint else { return .endpointNotFound }
        guard incoming.method == endpoint.method else { return .wrongMethod }
        if endpoint == .upCheck { return .success("TorBox is up.") }
        return incoming.key == nil ? .noAuth : .badToken
    }

    private func answer(
        _ incoming: IncomingCall, _ endpoint: SimulatorEndpoint?, _ faults: CallFaults,
        _ content: inout AccountCell.Content, now: Int
    ) -> Answer {
        guard let endpoint else { return faults.replacement?.replacementAnswer ?? .endpointNotFound }
        guard incoming.method == endpoint.method else { return .wrongMethod }
        let limit = content.limiter.admit(endpoint, limits: configuration.rateLimits, now: now)
        var answer = faults.replacement?.replacementAnswer ?? limit.refusal
        if answer == nil, faults.hangsBeforeEffect { answer = Answer(status: 0) }
        if var answer {
            if limit.refusal == nil, answer.contentType == "application/json" { answer.headers += limit.headers }
            return answer
        }
        return handled(incoming, endpoint, faults, &content, headers: limit.headers)
    }

    private func handled(
        _ incoming: IncomingCall, _ endpoint: SimulatorEndpoint, _ faults: CallFaults,
        _ content: inout AccountCell.Content, headers: [Answer.HeaderLine]
    ) -> Answer {
        let call = SimulatorCall(
            endpoint: endpoint, query: URLText.fields(incoming.query), body: incoming.body,
            contentType: incoming.contentType ?? "application/json")
        var answer = content.account.answer(
            call, faults: faults, at: clock.second, staleSeconds: configuration.staleListSeconds)
        if let status = faults.statusAfterEffect {
            var page = Answer.edgePage(status)
            page.appliedEffect = answer.appliedEffect
            return page
        }
        answer.headers += headers
        if endpoint.role == .create { showCreateBudget(endpoint, &answer, &content.limiter) }
        if let seconds = faults.retryAfterSeconds {
            answer.headers.append(.init(name: "retry-after", value: String(seconds)))
        }
        return answer
    }

    /// A create answers with the headers of the budget it used: cached ones the minute's, others the hour's.
    private func showCreateBudget(_ endpoint: SimulatorEndpoint, _ answer: inout Answer, _ limiter: inout RateLimiter) {
        if answer.usedCachedBudget {
            limiter.returnCreate(endpoint)
        } else if case let headers = limiter.createHeaders(endpoint, limits: configuration.rateLimits), !headers.isEmpty
        {
            answer.headers = headers
        }
    }

    private func record(
        _ incoming: IncomingCall, _ answer: Answer, _ faults: CallFaults, account: AccountIdentity?, now: Int
    ) {
        let isAnswered = !faults.hangs && !faults.losesAnswer
        let record = CallRecord(
            sequence: 0, realMilliseconds: now, simulatedMilliseconds: clock.milliseconds, account: account?.shortID,
            method: incoming.method, path: incoming.path, query: incoming.query,
            body: String(decoding: incoming.body.prefix(Self.loggedBody), as: UTF8.self), userAgent: incoming.userAgent,
            status: isAnswered ? answer.status : 0, faults: faults.names, appliedEffect: answer.appliedEffect,
            violation: answer.violation ?? (incoming.asksForStaleList ? "bypass_cache" : nil))
        let numbered = log.withLock { $0.append(record) }
        configuration.onCall?(numbered)
        configuration.onAnswer?(numbered, answer.body)
    }
}
