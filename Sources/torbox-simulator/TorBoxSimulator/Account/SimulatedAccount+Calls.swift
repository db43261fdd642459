/// One entry for all calls that need an account.
extension SimulatedAccount {
    /// Answers a call and changes the account as the call asks.
    /// - Parameters:
    ///   - second: The simulated Unix second; not before the one of the call before.
    ///   - staleSeconds: How old a list may be that is read without `bypass_cache=true`.
    mutating func answer(
        _ call: SimulatorCall, faults: CallFaults, at second: Int, staleSeconds: Int = 0
    ) -> Answer {
        advance(to: second)
        do {
            let answer = try handled(call, faults: faults, at: second, staleSeconds: staleSeconds)
            let isList = call.endpoint.role == .list || call.endpoint.role == .queueList
            return isList ? answer : answer.distorted(by: faults.distortions)
        } catch {
            return error.answer
        }
    }

    private mutating func handled(
        _ call: SimulatorCall, faults: CallFaults, at second: Int, staleSeconds: Int
    ) throws(Refusal) -> Answer {
        let mode = faults.effectMode(at: second)
        switch call.endpoint.role {
        case .upCheck: return .success("TorBox is up.")
        case .list: return try list(call, faults: faults, at: second, staleSeconds: staleSeconds)
        case .queueList: return try queued(call, faults: faults, at: second)
        case .control: return try control(call, mode: mode, at: second)
        case .queueControl: return try controlQueue(call, mode: mode, at: second)
        case .edit: return try edit(call, mode: mode, at: second)
        case .user: return user(at: second)
        case .cached: return cached(call)
        case .create: return try create(call, mode: mode, at: second)
        }
    }
}
