import Foundation
import ServiceHarness
import TorBoxSimulator

/// Sends signals to the service's processes and fills its disk.
struct ChaosKiller {
    let service: ChaosService
    let disk: ChaosDisk
    let tally: ChaosTally
    var random: ChaosRandom
    /// When each role was ended, so that nobody is driven into quarantine: 5 deaths in 60 s, 20 in 30 minutes.
    private var deaths: [String: [Int]] = [:]

    init(service: ChaosService, disk: ChaosDisk, tally: ChaosTally, random: ChaosRandom) {
        self.service = service
        self.disk = disk
        self.tally = tally
        self.random = random
    }

    mutating func run(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            try await Task.sleep(for: random.milliseconds(500...2_500))
            guard let process = service.process, process.isRunning else { continue }
            switch Int.random(in: 0..<20, using: &random) {
            case 0: endSupervisor(process, SIGKILL, "supervisor KILL")
            case 1: endSupervisor(process, SIGTERM, "supervisor TERM")
            case 2: endSupervisor(process, SIGHUP, "supervisor HUP")
            case 3: try await pause(process.pid, "supervisor STOP/CONT")
            case 4, 5: try await fillDisk()
            default: try await hitChild(process)
            }
        }
    }

    private mutating func endSupervisor(_ process: ServiceProcess, _ signal: Int32, _ name: String) {
        process.signal(signal)
        tally.count("signals", name)
        deaths = [:]
    }

    private mutating func hitChild(_ process: ServiceProcess) async throws {
        guard let (role, pid) = process.children.sorted(by: { $0.key < $1.key }).randomElement(using: &random) else {
            return
        }
        let kind = role.prefix { $0 != " " }
        let signals = [(SIGKILL, "KILL"), (SIGTERM, "TERM"), (SIGHUP, "HUP")]
        guard mayEnd(role), random.chance(0.8), let (signal, name) = signals.randomElement(using: &random) else {
            return try await pause(pid, "\(kind) STOP/CONT")
        }
        kill(pid, signal)
        deaths[role, default: []].append(RealTime.milliseconds())
        tally.count("signals", "\(kind) \(name)")
    }

    private func mayEnd(_ role: String) -> Bool {
        let now = RealTime.milliseconds()
        let past = deaths[role] ?? []
        return past.count { now - $0 < 60_000 } < 3 && past.count { now - $0 < 1_800_000 } < 17
    }

    private mutating func pause(_ pid: Int32, _ name: String) async throws {
        tally.count("signals", name)
        kill(pid, SIGSTOP)
        // A stopped process must go on even when this program is told to end.
        defer { kill(pid, SIGCONT) }
        try await Task.sleep(for: random.milliseconds(200...3_000))
    }

    private mutating func fillDisk() async throws {
        guard disk.fill() else { return }
        tally.count("signals", "disk filled")
        defer { disk.free() }
        try await Task.sleep(for: random.milliseconds(500...3_000))
    }
}
