import ChaosVerdict
import TorBoxSimulator

/// Everything at once: requests, faults, signals, and rows that come and change.
struct ChaosStorm {
    let world: ChaosWorld

    func rage() async throws {
        let plan = world.plan
        let end = ContinuousClock.now.advanced(by: .seconds(plan.seconds))
        let faults = ChaosFaults(
            simulator: world.simulator, keys: world.users.map(\.key), log: world.disturbances, tally: world.tally,
            random: plan.random(.faults))
        let killer = ChaosKiller(
            service: world.service, disk: world.disk, log: world.disturbances, tally: world.tally,
            workers: plan.workers, random: plan.random(.killer))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var faults = faults
                try await faults.run(until: end)
            }
            group.addTask {
                var killer = killer
                try await killer.run(until: end)
            }
            group.addTask { try await world.garden.run(until: end, random: plan.random(.gardener)) }
            group.addTask { try await progress(until: end) }
            for (number, user) in world.users.enumerated() {
                group.addTask { try await user.run(until: end, random: plan.random(.users, number: number)) }
            }
            try await group.waitForAll()
        }
    }

    private func progress(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: .seconds(10))
            let left = max(0, Int(ContinuousClock.now.duration(to: end) / .seconds(1)))
            let tally = world.tally
            say(
                "\(left) s left: \(tally.count(of: "wanted", in: .requests)) requests, "
                    + "\(tally.total(.disturbances)) disturbances, \(world.simulator.statistics.calls) calls at TorBox")
        }
    }
}
