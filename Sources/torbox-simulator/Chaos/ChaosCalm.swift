import ChaosVerdict
import NIOHTTP1
import ServiceHarness
import TorBoxSimulator

/// After the storm: no more faults, and everything must come back to where it belongs.
struct ChaosCalm {
    let world: ChaosWorld
    private let mark: Int

    /// For each of the things waited for; a wait on a fate that is unknown takes half a minute by itself.
    private static let patience = Duration.seconds(120)
    /// For everybody's poll: TorBox may have limited a user without saying for how long, and that is waited out for five
    /// minutes.
    private static let pollPatience = Duration.seconds(330)
    /// Users whose final state is read at a time.
    private static let readAtOnce = 8

    /// Ends all faults.
    init(_ world: ChaosWorld) {
        self.world = world
        world.simulator.clearFaults()
        world.disk.free()
        mark = world.simulator.statistics.calls
    }

    /// Waits until the service is ready again, with as many workers as at the start.
    func recover() async throws -> Bool {
        try await eventually(within: Self.patience, every: .milliseconds(200)) {
            // Nobody listens yet: asked again.
            guard let answer = try? await world.service.rest.send(.GET, "/ready"), answer.status == 200 else {
                return false
            }
            return await world.service.scale(to: world.plan.workers)
        }
    }

    /// Waits for everybody's poll; the accounts that had one.
    func polledAccounts() async throws -> Set<String> {
        var polled: Set<String> = []
        _ = try await eventually(within: Self.pollPatience, every: .milliseconds(500)) {
            let lists = world.simulator.calls(endpoint: .torrentList, since: mark).filter { $0.status == 200 }
            polled = Set(lists.compactMap(\.account))
            return polled.count >= world.users.count
        }
        return polled
    }

    /// Waits until what rules ask for has been done.
    func finishWork() async throws {
        // Whatever is left then is for the verdict to name.
        _ = try await eventually(within: Self.patience, every: .seconds(1)) {
            let evidence = ChaosEvidence(users: bareEvidence(), calls: world.simulator.calls())
            return !ChaosChecker(evidence).hasWorkLeft
        }
    }

    /// Waits until the processes hold what they held before.
    func usage(since before: ProcessUsage) async throws -> UsageChange {
        var change = UsageChange(before: before, after: before)
        _ = try await eventually(within: Self.patience, every: .seconds(1)) {
            change.after = ProcessUsage(of: world.service.pids)
            return change.leaks.isEmpty
        }
        return change
    }

    /// What is known of the users without asking the service.
    func bareEvidence() -> [UserEvidence] {
        world.users.map { user in
            let rows = world.simulator.items(.torrent, of: user.key)
            return UserEvidence(
                account: user.account, record: user.record, shown: nil, planted: world.garden.rows(of: user.key),
                left: Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }, isPolledAgain: false)
        }
    }

    /// The same with what the service shows.
    func evidence(polled: Set<String>) async -> [UserEvidence] {
        var result = bareEvidence()
        await withTaskGroup(of: (Int, FinalState?).self) { group in
            for (index, user) in world.users.enumerated() {
                if index >= Self.readAtOnce, let (done, shown) = await group.next() { result[done].shown = shown }
                group.addTask { (index, await user.finalState()) }
            }
            for await (done, shown) in group { result[done].shown = shown }
        }
        for (index, user) in world.users.enumerated() {
            result[index].isPolledAgain = polled.contains(user.account)
        }
        return result
    }
}
