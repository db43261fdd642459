package import DomainModel
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import Observability
import Synchronization

/// TorBox's API as the worker sees it: typed calls, paced for each key, bounded in number, with every failure named.
///
/// One for each worker process. ``shutdown()`` must be called before it is let go. Calls may come from any task; a
/// cancelled task gets ``TorBoxErrorCode/cancelled``, or a control result that says what is known.
package final class TorBoxClient: Sendable {
    package let configuration: TorBoxClientConfiguration
    /// Fed by every call; while it is paused, all calls but ``user(_:)`` and probes fail at once.
    package let outage: OutageDetector

    let time: TimeSource
    let limiter: RateLimiter
    let proofs = ProofBook()
    private let transport: HTTPTransport
    private let fetchGate: ConcurrencyGate
    private let actionGate: ConcurrencyGate
    private let logger: Logger
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    /// - Parameter group: Where connections live. Calls from one of its event loops stay on that loop.
    package init(
        configuration: TorBoxClientConfiguration, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        time: TimeSource = .system,
        generator: any RandomNumberGenerator & Sendable = SystemRandom(),
        logger: Logger = Logger(label: "torbox")
    ) {
        self.configuration = configuration
        self.time = time
        self.logger = logger
        self.generator = Mutex(generator)
        outage = OutageDetector(parameters: configuration.outage, time: time)
        limiter = RateLimiter(pace: configuration.pace, time: time)
        fetchGate = ConcurrencyGate(limit: configuration.fetchConcurrency, time: time)
        actionGate = ConcurrencyGate(limit: configuration.actionConcurrency, time: time)
        transport = HTTPTransport(configuration, on: group, time: time)
    }

    /// Closes all connections. Calls still under way fail.
    package func shutdown() async throws { try await transport.shutdown() }

    /// How near any key is to TorBox's limits.
    package var limits: LimitSummary { limiter.summary() }

    /// How long a fresh read of that kind's list would have to wait for its pace now; zero when it may go at once.
    package func listWait(_ asset: AssetType, for user: UserID) -> Duration {
        limiter.wait(for: RateKey(user: user, endpoint: .list(asset)))
    }
}

// MARK: - One exchange

extension TorBoxClient {
    /// Why a request has no answer, and whether TorBox may have seen it all the same.
    struct ExchangeFailure: Error, Sendable {
        var error: TorBoxError
        var mayHaveArrived: Bool
        /// Whether a connection was tried at all, so that the failure tells something about TorBox.
        var wasTried: Bool
    }

    /// Waits for pace and slot until `deadline` (uptime), sends once, and learns from the answer.
    func exchange(
        _ request: TorBoxRequest, for account: TorBoxAccount, until deadline: Duration
    ) async -> Result<HTTPAnswer, ExchangeFailure> {
        if request.purpose != .probe, outage.isPaused {
            return .failure(ExchangeFailure(error: .paused, mayHaveArrived: false, wasTried: false))
        }
        let key = RateKey(user: account.user, endpoint: request.endpoint)
        let isChange = request.purpose == .action || request.purpose == .create
        let gate = isChange ? actionGate : fetchGate
        do {
            try await enter(gate, key, until: deadline)
        } catch {
            return .failure(ExchangeFailure(error: error, mayHaveArrived: false, wasTried: false))
        }
        let (limit, isCutShort) = timeLimit(for: request.purpose, until: deadline)
        let began = time.uptime()
        let result = await transport.send(request, key: account.key, within: limit)
        gate.release(account.user)
        let duration = time.uptime() - began
        learn(from: result, key, isCreate: request.purpose == .create)
        Self.count(request.endpoint, result, took: duration)
        log(request, account, result, took: duration)
        return result.mapError { failure in
            let error: TorBoxError =
                failure.kind == .timeout && isCutShort
                ? .outOfTime("the call's deadline came before the answer") : failure.error
            return ExchangeFailure(error: error, mayHaveArrived: failure.mayHaveArrived, wasTried: true)
        }
    }

    private func enter(
        _ gate: ConcurrencyGate, _ key: RateKey, until deadline: Duration
    ) async throws(TorBoxError) {
        try await limiter.acquire(key, until: deadline)
        do {
            try await gate.acquire(key.user, until: deadline)
        } catch {
            limiter.giveBack(key)
            throw error
        }
    }

    private static func count(
        _ endpoint: Endpoint, _ result: Result<HTTPAnswer, TransportFailure>, took duration: Duration
    ) {
        var status = "none"
        if case .success(let answer) = result {
            status = answer.status == 429 ? "429" : "\(min(9, max(0, answer.status / 100)))xx"
        }
        MetricNames.apiCalls.count(endpoint.rawValue, status)
        MetricNames.apiDuration.record(duration, endpoint.rawValue)
    }

    /// An action always gets its full time: cutting it short would only add calls of unknown fate.
    private func timeLimit(
        for purpose: TorBoxRequest.Purpose, until deadline: Duration
    ) -> (limit: Duration, isCutShort: Bool) {
        let remaining = max(.zero, deadline - time.uptime())
        return switch purpose {
        case .action: (configuration.actionTimeout, false)
        case .create: (configuration.createTimeout, false)
        case .probe: (configuration.probeTimeout, false)
        case .fetch: (min(configuration.fetchTimeout, remaining), remaining < configuration.fetchTimeout)
        }
    }

    private func learn(from result: Result<HTTPAnswer, TransportFailure>, _ key: RateKey, isCreate: Bool) {
        guard case .success(let answer) = result else { return limiter.finish(key, nil) }
        let observation = observation(of: answer)
        // Creates are of one budget or another, told only by their answers: whoever creates keeps count of them.
        limiter.finish(key, isCreate ? nil : observation)
        if observation.isRefusal, !answer.looksLikeObject {
            limiter.blockEveryone(for: observation.retryAfter ?? RateWindow.defaultBlock)
        }
    }

    private func observation(of answer: HTTPAnswer) -> RateObservation {
        RateObservation(isRefusal: answer.status == 429, headers: answer.headers, now: time.wall())
    }

    /// How long a refusal because of a limit asks to stay away.
    func retryAfter(_ answer: HTTPAnswer) -> Duration {
        let observation = observation(of: answer)
        return max(.seconds(1), observation.retryAfter ?? observation.reset ?? RateWindow.defaultBlock)
    }

    private func log(
        _ request: TorBoxRequest, _ account: TorBoxAccount, _ result: Result<HTTPAnswer, TransportFailure>,
        took duration: Duration
    ) {
        var outcome = Logger.MetadataValue.string("no answer")
        if case .success(let answer) = result { outcome = .stringConvertible(answer.status) }
        logger.debug(
            "torbox call ended",
            metadata: [
                LogKey.operation: .string(request.endpoint.rawValue), LogKey.userID: .string(account.user.short),
                LogKey.outcome: outcome,
                LogKey.durationMilliseconds: .stringConvertible(Int64(duration / .milliseconds(1))),
            ])
    }
}

// MARK: - Reads

extension TorBoxClient {
    /// Sends a read, again where that may help, and reads the answer.
    func read<Value>(
        _ request: TorBoxRequest, for account: TorBoxAccount, until deadline: Duration,
        in turns: some WorkTurns = OneTurn(), _ decode: (HTTPAnswer) throws(TorBoxError) -> Value
    ) async throws(TorBoxError) -> Value {
        var attempt = 0
        while true {
            let failure: TorBoxError
            do {
                return try await readOnce(
                    request, for: account, until: deadline, isRepeat: attempt > 0, in: turns, decode)
            } catch { failure = error }
            attempt += 1
            let remaining = deadline - time.uptime()
            let delay = generator.withLock { generator in
                configuration.retry.delay(
                    beforeRetry: attempt, after: failure, remaining: remaining, using: &generator)
            }
            guard let delay, request.purpose == .probe || !outage.isPaused else { throw failure }
            do { try await time.sleep(delay) } catch { throw .cancelled }
        }
    }

    private func readOnce<Value>(
        _ request: TorBoxRequest, for account: TorBoxAccount, until deadline: Duration, isRepeat: Bool,
        in turns: some WorkTurns, _ decode: (HTTPAnswer) throws(TorBoxError) -> Value
    ) async throws(TorBoxError) -> Value {
        switch await exchange(request, for: account, until: deadline) {
        case .failure(let failure):
            // One call is one piece of evidence, however often it was repeated.
            if failure.wasTried, !isRepeat { feedOutage(failure.error) }
            throw failure.error
        case .success(let answer):
            let value = await turns.work { () -> Result<Value, TorBoxError> in
                let problem = AnswerReading.problem(answer, retryAfter: retryAfter(answer))
                if problem == nil || !isRepeat { feedOutage(problem) }
                if let problem { return .failure(problem) }
                do throws(TorBoxError) { return .success(try decode(answer)) } catch { return .failure(error) }
            }
            return try value.get()
        }
    }

    /// Tells the outage detector how a call ended; nil for an answer without a problem.
    func feedOutage(_ problem: TorBoxError?) {
        guard let problem else { return outage.record(.reached) }
        if problem.countsAsOutage {
            outage.record(.unreachable)
        } else if problem.code == .refused {
            outage.record(.reached)
        }
    }

    func deadline(_ budget: Duration?, default standard: Duration) -> Duration {
        time.uptime() + (budget ?? standard)
    }
}
