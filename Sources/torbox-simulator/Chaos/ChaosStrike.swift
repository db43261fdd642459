import Foundation

/// One thing to do to the service.
enum ChaosStrike {
    case endSupervisor(Int32)
    case pauseSupervisor
    case fillDisk
    case scale(Int)
    case reload(bySignal: Bool)
    case endChild(Int32)
    case pauseChild
    /// Stopped for longer than the supervisor's patience with silence.
    case hangChild

    static func draw(workers: Int, using random: inout ChaosRandom) -> ChaosStrike {
        switch Int.random(in: 0..<26, using: &random) {
        case 0: .endSupervisor(SIGKILL)
        case 1: .endSupervisor(SIGTERM)
        case 2: .pauseSupervisor
        case 3, 4: .fillDisk
        case 5...8: .scale(Int.random(in: 1...(2 * workers), using: &random))
        case 9: .reload(bySignal: true)
        case 10: .reload(bySignal: false)
        case 11: .hangChild
        case 12...15: .pauseChild
        default: .endChild([SIGKILL, SIGKILL, SIGTERM, SIGHUP].randomElement(using: &random) ?? SIGKILL)
        }
    }

    static func name(_ signal: Int32) -> String {
        switch signal {
        case SIGKILL: "KILL"
        case SIGTERM: "TERM"
        case SIGHUP: "HUP"
        default: "signal \(signal)"
        }
    }
}
