import ChaosVerdict
import Foundation
import ServiceHarness
import TorBoxSimulator
import UnixSignals

/// One run from the start to the verdict.
struct ChaosRun {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let world: ChaosWorld

    private static let registeredAtOnce = 8

    init(_ plan: ChaosPlan) async throws { world = try await ChaosWorld(plan) }

    /// Returns the violations, which were printed. Ends early, and leaves nothing behind, when told to by a signal.
    func go() async throws -> [Violation] {
        let result = await untilSignalled { try await stages() }
        try await world.shutDown()
        return try result.get()
    }

    private func untilSignalled<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        await withTaskGroup(of: Result<Value, any Error>.self) { group in
            group.addTask {
                do { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                    return .failure(Failure(description: "ended by \(signal)"))
                }
                return .failure(CancellationError())
            }
            // The other one is cancelled, and the group waits for it.
            let first = await group.next() ?? .failure(CancellationError())
            group.cancelAll()
            return first
        }
    }

    private func stages() async throws -> [Violation] {
        let plan = world.plan
        say("seed \(plan.seed), \(plan.users) users, \(plan.seconds) s; the machine decides the timing")
        async let _: Void = world.disturbances.watchMachine()
        try await world.service.start()
        try await register()
        let before = ProcessUsage(of: world.service.pids)
        async let guardian: Void = world.service.keepRunning()
        try await ChaosStorm(world: world).rage()
        say("settling")
        let evidence = try await settle(before)
        try await guardian
        return report(evidence)
    }

    private func register() async throws {
        let failed = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            var failed = 0
            for (number, user) in world.users.enumerated() {
                if number >= Self.registeredAtOnce, await group.next() == false { failed += 1 }
                group.addTask { await user.begin() }
            }
            return await group.reduce(failed) { $0 + ($1 ? 0 : 1) }
        }
        guard failed == 0 else { throw Failure(description: "\(failed) users could not be registered") }
        say("registered")
    }

    private func settle(_ before: ProcessUsage) async throws -> ChaosEvidence {
        let calm = ChaosCalm(world)
        let isReady = try await calm.recover()
        let polled = try await calm.polledAccounts()
        try await calm.finishWork()
        let usage = try await calm.usage(since: before)
        var evidence = ChaosEvidence(users: await calm.evidence(polled: polled), usage: usage)
        evidence.exitCode = await world.service.stop()
        evidence.leftovers = Leftovers.problems(in: world.disk.path)
        if !isReady { evidence.leftovers.append("the service was not ready again in time after the storm") }
        evidence.calls = world.simulator.calls()
        evidence.showings = world.witness.history
        evidence.disturbances = world.disturbances.all
        evidence.failures = world.failures.all
        evidence.crashes = world.service.journal.crashes
        return evidence
    }

    // MARK: Report

    private func report(_ evidence: ChaosEvidence) -> [Violation] {
        let (tally, checker) = (world.tally, ChaosChecker(evidence))
        for (fault, count) in world.simulator.statistics.faults { tally.count(.faults, fault, by: count) }
        for (warning, count) in world.service.journal.warnings { tally.count(.warnings, warning, by: count) }
        checker.count(into: tally)
        say(tally.table)
        if let usage = evidence.usage { say("\(usage)") }
        let violations = checker.violations()
        guard !violations.isEmpty else {
            say("No violation.")
            return []
        }
        let journal = world.service.journal
        say("the service's errors:\n" + journal.errors.joined(separator: "\n"))
        say("the service's last lines:\n" + journal.lines.suffix(60).joined(separator: "\n"))
        if let first = checker.unexplainedFailures.first { say(story(around: first.time, evidence)) }
        for violation in violations.prefix(60) { say("VIOLATION: \(violation)") }
        say("\(violations.count) violations; again with --seed \(world.plan.seed)")
        return violations
    }

    /// What was done to the service, and what it said of its processes, before a failure without an explanation.
    private func story(around time: ClosedRange<Int>, _ evidence: ChaosEvidence) -> String {
        let range = (time.lowerBound - 45_000)...(time.upperBound + 5_000)
        let done = evidence.disturbances.filter { $0.overlaps(range, tail: 0) }.map {
            "\($0.began)...\($0.ended.map(String.init) ?? "") \($0.kind.rawValue)"
        }
        return "before the first failure that nothing explains, at \(time):\n"
            + (done + world.service.journal.processLines(in: range)).joined(separator: "\n")
    }
}
