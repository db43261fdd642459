import ChaosVerdict
import Foundation
import ServiceHarness

/// Sends signals to the service's processes, scales and reloads it, and fills its disk.
struct ChaosKiller {
    let service: ChaosService
    let disk: ChaosDisk
    let log: DisturbanceLog
    let tally: ChaosTally
    let workers: Int
    var random: ChaosRandom
    private var deaths = ChaosDeaths()

    init(
        service: ChaosService, disk: ChaosDisk, log: DisturbanceLog, tally: ChaosTally, workers: Int,
        random: ChaosRandom
    ) {
        self.service = service
        self.disk = disk
        self.log = log
        self.tally = tally
        self.workers = workers
        self.random = random
    }

    /// Goes on until `end`. What lasts (a pause, a full disk, a change of scale) goes on beside what comes next.
    mutating func run(until end: ContinuousClock.Instant) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while ContinuousClock.now < end {
                try await Task.sleep(for: random.milliseconds(500...2_500))
                guard let process = service.process, process.isRunning else { continue }
                let strike = ChaosStrike.draw(workers: workers, using: &random)
                guard let lasting = carryOut(strike, on: process) else { continue }
                group.addTask { try await lasting() }
            }
        }
    }

    private typealias Lasting = @Sendable () async throws -> Void

    /// Does it; what lasts is returned to be run.
    private mutating func carryOut(_ strike: ChaosStrike, on process: ServiceProcess) -> Lasting? {
        switch strike {
        case .endSupervisor(let signal):
            deaths.forget()
            tally.count(.disturbances, "supervisor \(ChaosStrike.name(signal))")
            service.end(with: signal)
            return nil
        case .pauseSupervisor:
            return pause(process.pid, "supervisor", for: random.milliseconds(200...3_000))
        case .fillDisk: return fillDisk()
        case .scale(let count): return { [service] in await service.scale(to: count) }
        case .reload(bySignal: true):
            process.signal(SIGHUP)
            tally.count(.disturbances, "reload by HUP")
            return nil
        case .reload(bySignal: false): return { [service] in await service.reload() }
        case .endChild, .pauseChild, .hangChild: return hitChild(strike, process)
        }
    }

    private mutating func hitChild(_ strike: ChaosStrike, _ process: ServiceProcess) -> Lasting? {
        guard let (role, pid) = process.children.sorted(by: { $0.key < $1.key }).randomElement(using: &random) else {
            return nil
        }
        let kind = String(role.prefix { $0 != " " })
        let briefly = random.milliseconds(200...3_000)
        switch strike {
        case .endChild(let signal) where deaths.allow(role):
            deaths.note(role)
            log.note(kind == "gateway" ? .gatewayEnded : .workerEnded)
            kill(pid, signal)
            tally.count(.disturbances, "\(kind) \(ChaosStrike.name(signal))")
            return nil
        case .hangChild where deaths.allow(role):
            deaths.note(role)
            return pause(pid, kind, for: .seconds(15), isEnd: true)
        default: return pause(pid, kind, for: briefly)
        }
    }

    /// - Parameter isEnd: The supervisor will have ended the process when the pause is over.
    private func pause(_ pid: Int32, _ role: String, for time: Duration, isEnd: Bool = false) -> Lasting {
        let (log, tally) = (log, tally)
        return {
            let kind: Disturbance.Kind =
                switch role {
                case "gateway": .gatewayPaused
                case "worker": .workerPaused
                default: .supervisorPaused
                }
            tally.count(.disturbances, "\(role) \(isEnd ? "hung" : "STOP/CONT")")
            let number = log.begin(kind)
            kill(pid, SIGSTOP)
            defer {
                // A stopped process must go on even when this program is told to end.
                kill(pid, SIGCONT)
                log.end(number)
                if isEnd { log.note(role == "gateway" ? .gatewayEnded : .workerEnded) }
            }
            try await Task.sleep(for: time)
        }
    }

    private mutating func fillDisk() -> Lasting {
        let (disk, log, tally, time) = (disk, log, tally, random.milliseconds(500...3_000))
        return {
            guard disk.fill() else { return tally.count(.disturbances, "disk not filled, no file system of its own") }
            tally.count(.disturbances, "disk filled")
            let number = log.begin(.diskFull)
            defer {
                disk.free()
                log.end(number)
            }
            try await Task.sleep(for: time)
        }
    }
}
