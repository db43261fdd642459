import Foundation

/// What a run is asked to do.
struct ChaosPlan: Sendable {
    var binaries: URL
    var seconds: Int
    var seed: UInt64
    var users: Int
    var workers: Int

    /// Everybody who draws has a sequence of their own, whatever the others do.
    enum Stream: UInt64 {
        case faults = 1
        case killer, gardener
        case users = 100
    }

    func random(_ stream: Stream, number: Int = 0) -> ChaosRandom {
        ChaosRandom(seed: seed, stream: stream.rawValue + UInt64(number))
    }

    /// Settings of the service: as real ones, with every wait shortened so that a minute shows what else takes hours.
    func environment(dataDirectory: String, torBox: String) -> [String: String] {
        [
            "DATA_DIR": dataDirectory, "WORKERS": String(workers), "TORBOX_API_BASE": torBox, "START_SPREAD_MS": "0",
            "NODE_ENV": "development", "DEV_INTERVAL_MULTIPLIER": "0.003", "TORBOX_FETCH_TIMEOUT_MS": "2000",
            "TORBOX_ACTION_TIMEOUT_MS": "4000", "TORBOX_MIN_PAUSE_MS": "1000",
            "TORBOX_OUTAGE_RECOVERY_INTERVAL_MS": "1000", "REQUEST_TIMEOUT_MS": "8000", "HUNG_AFTER_MS": "8000",
            "POLL_RETRY_MAX_MS": "10000",
            // Kills point at users who are not to blame; they come back within the run.
            "USER_QUARANTINE_MS": "1000", "USER_RATE_LIMIT_MAX": "10000000", "IP_RATE_LIMIT_MAX": "10000000",
        ]
    }
}
