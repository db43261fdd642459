import DomainModel
import Logging
package import NIOCore
import ServiceSupport
import Sharding
import Synchronization
import WireProtocol

/// Asks workers: user to slot to worker to connection, patiently while a worker restarts or a slot moves.
package final class WorkerClient: Sendable {
    /// How long a request waits for its worker to come back; the frontend itself gives up after 5 to 30 s.
    static let patience: Duration = .seconds(15)
    /// Requests that wait at a time. Further ones are told to come back, instead of holding their bodies here.
    static let maximumWaiting = 2_000

    package let board: SlotMapBoard
    private let runtimeDirectory: String
    private let group: any EventLoopGroup
    private let patience: Duration
    private let links = Mutex<[Int: WorkerLink]>([:])
    private let waiting = Atomic<Int>(0)
    private let underWay = Atomic<Int>(0)

    package convenience init(board: SlotMapBoard, runtimeDirectory: String, group: any EventLoopGroup) {
        self.init(board: board, runtimeDirectory: runtimeDirectory, group: group, patience: Self.patience)
    }

    init(board: SlotMapBoard, runtimeDirectory: String, group: any EventLoopGroup, patience: Duration) {
        self.board = board
        self.runtimeDirectory = runtimeDirectory
        self.group = group
        self.patience = patience
    }

    /// Requests that have been sent or wait for a worker.
    var requestsUnderWay: Int { underWay.load(ordering: .relaxed) }

    /// The answer of the user's worker; user, time-out and epoch of the request are filled in here.
    ///
    /// Throws ``Problem`` 503 when no worker could be asked in time, when the time is up, or, unless
    /// `isRepeatable`, when the worker died over it.
    func call(_ request: WorkerRequest, for user: UserID, isRepeatable: Bool, deadline: Deadline) async throws
        -> WorkerResponse
    {
        try await pursue(request, for: user, isRepeatable: isRepeatable, isStream: false, deadline: deadline)
    }

    /// As ``call(_:for:isRepeatable:deadline:)``, for an answer that goes on for as long as somebody listens.
    func listen(_ request: WorkerRequest, for user: UserID, deadline: Deadline) async throws -> WorkerResponse {
        try await pursue(request, for: user, isRepeatable: true, isStream: true, deadline: deadline)
    }

    private func pursue(
        _ request: WorkerRequest, for user: UserID, isRepeatable: Bool, isStream: Bool, deadline: Deadline
    ) async throws -> WorkerResponse {
        var request = request
        request.user = user
        underWay.wrappingAdd(1, ordering: .relaxed)
        defer { underWay.wrappingSubtract(1, ordering: .relaxed) }
        let patient = Deadline(min(deadline.instant, .now.advanced(by: patience)))
        var pursuit = Pursuit(epoch: 0, isStream: isStream)
        while let map = await board.map(sinceEpoch: pursuit.epoch, until: patient) {
            guard pursuit.attempts == 0 || !patient.isPast else { break }
            pursuit.attempts += 1
            let verdict = await attempt(
                request, at: map.owner(of: request.user ?? user), map: map, isRepeatable: isRepeatable,
                deadline: deadline, &pursuit)
            switch verdict {
            case .follow(let owner):
                request.parameters[WorkerRequest.movedFromParameter] = user.hex
                request.user = owner
            case .deliver:
                if let response = pursuit.response { return response }
            case .fail(let problem):
                throw problem
            case .againWithMap(let epoch):
                pursuit.epoch = epoch
            case .again:
                try await pause(after: pursuit.attempts, until: patient)
            }
        }
        try Task.checkCancellation()
        throw deadline.isPast ? Problem.timedOut : board.current == nil ? .initialising : .workerUnavailable
    }

    /// Whether any worker answers at all, be it with an error: the way there and back works.
    func isAnyAnswering(_ operation: String, within limit: Duration) async -> Bool {
        await askAll(operation, within: limit, accepting: { _ in true }).contains { $0 != nil }
    }

    /// Asks every worker of the current map; nil in the place of one that did not answer well in time.
    func askAll(_ operation: String, within limit: Duration, correlationID: String = "") async -> [WorkerResponse?] {
        await askAll(operation, within: limit, correlationID: correlationID) { $0.status == 200 }
    }

    private func askAll(
        _ operation: String, within limit: Duration, correlationID: String = "",
        accepting isGood: @escaping @Sendable (WorkerResponse) -> Bool
    ) async -> [WorkerResponse?] {
        guard let map = board.current else { return [] }
        let request = WorkerRequest(
            operation: operation, epoch: map.epoch, timeout: limit, correlationID: correlationID)
        return await withTaskGroup(of: (Int, WorkerResponse?).self) { group in
            for worker in 0..<map.workerCount {
                let link = link(to: worker)
                group.addTask {
                    // Why a worker is silent shows in its own log and in the supervisor's.
                    let response = try? await withDeadline(limit, operation) { try await link.call(request) }
                    return (worker, response.flatMap { isGood($0) ? $0 : nil })
                }
            }
            var responses = [WorkerResponse?](repeating: nil, count: map.workerCount)
            for await (worker, response) in group { responses[worker] = response }
            return responses
        }
    }

    /// Asks every worker of the current map a question of its own; nil in the place of one that did not answer, or that was
    /// asked nothing. What a worker refuses is an answer.
    func askEach(
        _ question: @escaping @Sendable (_ worker: Int, _ count: Int) -> WorkerRequest?, within limit: Duration
    ) async -> [WorkerResponse?] {
        guard let map = board.current else { return [] }
        return await withTaskGroup(of: (Int, WorkerResponse?).self) { group in
            for worker in 0..<map.workerCount {
                guard var request = question(worker, map.workerCount) else { continue }
                request.epoch = map.epoch
                request.timeout = limit
                let (link, asked) = (link(to: worker), request)
                group.addTask {
                    // Why a worker is silent shows in its own log and in the supervisor's.
                    (worker, try? await withDeadline(limit, asked.operation) { try await link.call(asked) })
                }
            }
            var responses = [WorkerResponse?](repeating: nil, count: map.workerCount)
            for await (worker, response) in group { responses[worker] = response }
            return responses
        }
    }

    /// The same, once more for those that are just starting again, as far as the deadline and our patience allow.
    func askEach(
        _ question: @escaping @Sendable (_ worker: Int, _ count: Int) -> WorkerRequest?, deadline: Deadline
    ) async throws -> [WorkerResponse?] {
        let patient = Deadline(min(deadline.instant, .now.advanced(by: patience)))
        var answers: [WorkerResponse?] = []
        var attempts = 0
        repeat {
            if attempts > 0 { try await pause(after: attempts, until: patient) }
            attempts += 1
            let known = answers
            let fresh = await askEach(
                { worker, count in
                    known.count == count && known[worker] != nil ? nil : question(worker, count)
                }, within: deadline.remaining)
            answers = fresh.indices.map { fresh[$0] ?? (known.count == fresh.count ? known[$0] : nil) }
        } while (answers.isEmpty || answers.contains { $0 == nil }) && !patient.isPast && !Task.isCancelled
        return answers
    }

    /// The answer of the first worker that gives one. Throws ``Problem`` 503 when none does in time.
    func askAny(_ request: WorkerRequest, deadline: Deadline) async throws -> WorkerResponse {
        let patient = Deadline(min(deadline.instant, .now.advanced(by: patience)))
        var attempts = 0
        while let map = await board.map(sinceEpoch: 0, until: patient) {
            var request = request
            request.epoch = map.epoch
            request.timeout = deadline.remaining
            let worker = (Int.random(in: 0..<map.workerCount) + attempts) % map.workerCount
            // The next one is asked instead; why this one is silent shows in its log.
            if let response = try? await link(to: worker).call(request), response.code != "draining" { return response }
            attempts += 1
            guard !patient.isPast else { break }
            if attempts >= map.workerCount { try await pause(after: attempts, until: patient) }
        }
        try Task.checkCancellation()
        throw board.current == nil ? Problem.initialising : .workerUnavailable
    }

    /// Ends all connections. Requests under way fail.
    package func close() async {
        let all = links.withLock { links in
            defer { links = [:] }
            return Array(links.values)
        }
        for link in all { await link.close() }
    }

    /// What one request has been through.
    private struct Pursuit {
        var epoch: UInt64
        var isStream: Bool
        var attempts = 0
        var overloads = 0
        var response: WorkerResponse?
    }

    private func attempt(
        _ request: WorkerRequest, at worker: Int, map: SlotMap, isRepeatable: Bool, deadline: Deadline,
        _ pursuit: inout Pursuit
    ) async -> WorkerRetryPolicy.Verdict {
        var request = request
        request.epoch = map.epoch
        request.timeout = deadline.remaining
        guard request.timeout > .zero else { return .fail(.timedOut) }
        let verdict: WorkerRetryPolicy.Verdict
        do {
            let response = try await link(to: worker).call(request, isStream: pursuit.isStream)
            pursuit.response = response
            // One step is all there is; a second one would be two users that point at each other.
            if response.isMoved, let owner = response.movedTo,
                request.parameters[WorkerRequest.movedFromParameter] == nil
            {
                return .follow(owner)
            }
            if response.code == "overloaded" { pursuit.overloads += 1 }
            verdict = WorkerRetryPolicy.verdict(on: response, epoch: map.epoch, overloads: pursuit.overloads)
        } catch is CancellationError {
            return .fail(.shuttingDown)
        } catch {
            if (error as? WireError)?.code == .overloaded { pursuit.overloads += 1 }
            verdict = WorkerRetryPolicy.verdict(on: error, isRepeatable: isRepeatable, overloads: pursuit.overloads)
        }
        return verdict
    }

    private func pause(after attempts: Int, until deadline: Deadline) async throws {
        let count = waiting.wrappingAdd(1, ordering: .relaxed).newValue
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard count <= Self.maximumWaiting else { throw Problem.busy }
        var generator = SystemRandom()
        let pause = WorkerRetryPolicy.pauses.delay(attempt: attempts, using: &generator)
        try await Task.sleep(for: min(pause, deadline.remaining))
    }

    private func link(to worker: Int) -> WorkerLink {
        links.withLock { links in
            if let link = links[worker] { return link }
            let path = WorkerAddress.socketPath(runtimeDirectory: runtimeDirectory, worker: worker)
            let link = WorkerLink(path: path, group: group)
            links[worker] = link
            return link
        }
    }
}
