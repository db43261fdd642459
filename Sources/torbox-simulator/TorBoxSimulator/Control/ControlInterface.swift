import Foundation

/// The simulator's own calls, for demos and for tests of whole processes. They need no key, are never counted, rate
/// limited or struck by faults; bind the simulator to loopback.
///
/// | call | body or query | does |
/// | --- | --- | --- |
/// | `GET /_sim/accounts` | | lists accounts by their short ids |
/// | `POST /_sim/accounts` | ``AccountRequest`` | adds or replaces an account |
/// | `DELETE /_sim/accounts?account=KEY` | | forgets an account |
/// | `POST /_sim/items` | ``RowsRequest`` with `rows` | adds rows; answers their ids |
/// | `PATCH /_sim/items` | ``RowsRequest`` with `id`, `set`, `omit` | changes a row |
/// | `DELETE /_sim/items?account=KEY&kind=torrent&id=1` | | takes a row off |
/// | `POST /_sim/queue` | ``RowsRequest`` with `rows` | adds queue rows (keys id, name, hash) |
/// | `GET /_sim/faults` | | lists faults in force |
/// | `POST /_sim/faults` | ``FaultRequest`` | adds a fault; answers its id |
/// | `DELETE /_sim/faults?id=1` | without id: all | clears faults |
/// | `GET /_sim/calls?account=&endpoint=&since=&limit=` | | calls after a sequence number, oldest first |
/// | `GET /_sim/stats` | | counts since the start |
/// | `GET /_sim/clock`, `POST /_sim/clock` | ``ClockRequest`` | tells, advances or paces simulated time |
/// | `POST /_sim/shutdown` | | ends the executable |
///
/// An `account` is a key; for `calls` a short id will do. Errors are 400 or 404 with `{"error": ...}`.
struct ControlInterface: Sendable {
    let core: SimulatorCore
    let shutDown: @Sendable () -> Void

    init(core: SimulatorCore, shutDown: @escaping @Sendable () -> Void) {
        self.core = core
        self.shutDown = shutDown
    }

    /// Ends the handling of a control call with an error answer.
    private struct Problem: Error {
        var status: Int
        var text: String
    }

    func answer(_ call: IncomingCall) -> Answer {
        do {
            return try encoded(reply(to: call), status: 200)
        } catch let problem as Problem {
            // A single text always encodes; nothing is lost.
            return (try? encoded(ControlReply(error: problem.text), status: problem.status)) ?? .endpointNotFound
        } catch {
            return .text(400, "{\"error\":\"the body does not fit this call\"}")
        }
    }

    private func reply(to call: IncomingCall) throws -> ControlReply {
        let query = URLText.fields(call.query)
        switch (call.method, call.path) {
        case ("GET", "/_sim/accounts"): return accounts()
        case ("POST", "/_sim/accounts"): return try addAccount(decoded(call))
        case ("DELETE", "/_sim/accounts"): return try removeAccount(query)
        case ("POST", "/_sim/items"): return try addRows(decoded(call))
        case ("PATCH", "/_sim/items"): return try changeRow(decoded(call))
        case ("DELETE", "/_sim/items"): return try removeRow(query)
        case ("POST", "/_sim/queue"): return try addQueued(decoded(call))
        case ("GET", "/_sim/faults"): return faults()
        case ("POST", "/_sim/faults"): return try addFault(decoded(call))
        case ("DELETE", "/_sim/faults"): return removeFaults(query)
        case ("GET", "/_sim/calls"): return calls(query)
        case ("GET", "/_sim/stats"): return ControlReply(statistics: core.statistics)
        case ("GET", "/_sim/clock"): return clock()
        case ("POST", "/_sim/clock"): return try changeClock(decoded(call))
        case ("POST", "/_sim/shutdown"):
            shutDown()
            return ControlReply()
        default: throw Problem(status: 404, text: "no such call of the simulator")
        }
    }

    // MARK: - Accounts and rows

    private func accounts() -> ControlReply {
        let accounts = core.allCells().map { cell in
            cell.withLock { content in
                content.account.advance(to: core.clock.second)
                var rows: [String: Int] = [:]
                for kind in AssetKind.allCases { rows[kind.rawValue] = content.account.table(kind).count }
                return ControlReply.Account(
                    id: cell.identity.shortID, authID: cell.identity.authID, rows: rows,
                    queued: content.account.queue.count)
            }
        }
        return ControlReply(accounts: accounts.sorted { $0.id < $1.id })
    }

    private func addAccount(_ request: AccountRequest) throws -> ControlReply {
        guard let settings = request.settings else { throw Problem(status: 400, text: "unknown library") }
        let identity = core.addAccount(request.key, settings)
        return ControlReply(accounts: accounts().accounts?.filter { $0.id == identity.shortID })
    }

    private func removeAccount(_ query: [String: String]) throws -> ControlReply {
        guard core.removeAccount(query["account"] ?? "") else { throw Problem(status: 404, text: "no such account") }
        return ControlReply()
    }

    private func addRows(_ request: RowsRequest) throws -> ControlReply {
        let kind = request.kind ?? .torrent
        let items = (request.rows ?? []).map { SimulatedItem(kind: kind, row: $0) }
        return ControlReply(
            ids: try onAccount(request.account) { account, _ in items.map { account.put($0) } })
    }

    private func changeRow(_ request: RowsRequest) throws -> ControlReply {
        let isFound = try onAccount(request.account) { account, second in
            account.modify(request.kind ?? .torrent, request.id ?? 0, at: second) { item in
                item.set(request.set ?? [:])
                item.omittedKeys.formUnion(request.omit ?? [])
            }
        }
        guard isFound else { throw Problem(status: 404, text: "no such row") }
        return ControlReply()
    }

    private func removeRow(_ query: [String: String]) throws -> ControlReply {
        guard let kind = AssetKind(rawValue: query["kind"] ?? "torrent"), let id = Int(query["id"] ?? "") else {
            throw Problem(status: 400, text: "kind or id is not valid")
        }
        let isFound = try onAccount(query["account"] ?? "") { account, _ in account.remove(kind, id) }
        guard isFound else { throw Problem(status: 404, text: "no such row") }
        return ControlReply()
    }

    private func addQueued(_ request: RowsRequest) throws -> ControlReply {
        let kind = request.kind ?? .torrent
        let items = (request.rows ?? []).map { row in
            let described = SimulatedItem(kind: kind, row: row)
            return SimulatedQueueItem(
                described.name, kind: kind, id: described.id, hash: described.hash, createdAt: described.createdAt)
        }
        return ControlReply(
            ids: try onAccount(request.account) { account, _ in items.map { account.put($0) } })
    }

    private func onAccount<Result: Sendable>(
        _ key: String, _ body: (inout SimulatedAccount, Int) throws -> Result
    ) throws -> Result {
        guard let cell = core.cell(key) else { throw Problem(status: 404, text: "no such account") }
        return try cell.withLock { content in
            let second = core.clock.second
            content.account.advance(to: second)
            return try body(&content.account, second)
        }
    }

    // MARK: - Faults, calls, time

    private func faults() -> ControlReply {
        ControlReply(
            faults: core.faults.map {
                .init(
                    id: $0.id, kind: $0.fault.kind.name, account: $0.account?.shortID, struck: $0.struck,
                    remaining: $0.remaining)
            })
    }

    private func addFault(_ request: FaultRequest) throws -> ControlReply {
        guard let fault = request.fault else { throw Problem(status: 400, text: "unknown kind of fault") }
        return ControlReply(ids: [core.add(fault)])
    }

    private func removeFaults(_ query: [String: String]) -> ControlReply {
        core.removeFault(query["id"].flatMap { Int($0) })
        return faults()
    }

    private func calls(_ query: [String: String]) -> ControlReply {
        let endpoint = query["endpoint"].flatMap { SimulatorEndpoint(rawValue: $0) }
        let calls = core.calls(since: Int(query["since"] ?? "") ?? 0, account: query["account"], endpoint: endpoint)
        return ControlReply(calls: Array(calls.prefix(Int(query["limit"] ?? "") ?? 1_000)))
    }

    private func clock() -> ControlReply {
        let clock = core.clock
        return ControlReply(
            clock: .init(
                simulatedMilliseconds: clock.milliseconds, realMilliseconds: clock.realMilliseconds, speed: clock.speed)
        )
    }

    private func changeClock(_ request: ClockRequest) throws -> ControlReply {
        if let seconds = request.advanceSeconds { core.clock.advance(seconds: seconds) }
        if let speed = request.speed { core.clock.setSpeed(speed) }
        return clock()
    }

    // MARK: - JSON

    private func decoded<Body: Decodable>(_ call: IncomingCall) throws -> Body {
        try JSONDecoder().decode(Body.self, from: Data(call.body))
    }

    private func encoded(_ reply: ControlReply, status: Int) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Answer(status: status, body: Array(try encoder.encode(reply)))
    }
}
