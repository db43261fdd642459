import DomainModel
import Foundation
import Glibc
import ServiceSupport

/// Memory and processor time of gateway and workers together, in the form that stock's frontend knows from its runtime.
struct SystemFigures: Sendable {
    let memory: JSONValue
    let system: JSONValue
    let uptimeSeconds: Double
    let uptimeText: String

    /// - Parameter workers: the sum of their shares.
    init(workers: JSONValue, uptime: Duration, own: ProcessFacts = .current()) {
        memory = Shares.sum([
            workers["memory"] ?? .null,
            .object([
                "rss": .integer(own.residentBytes), "heapTotal": .integer(own.dataBytes),
                "heapUsed": .integer(own.anonymousBytes), "external": .integer(0), "arrayBuffers": .integer(0),
            ]),
        ])
        let processor = Shares.sum([
            workers["cpuUsage"] ?? .null,
            .object(["user": .integer(own.userMicroseconds), "system": .integer(own.systemMicroseconds)]),
        ])
        uptimeSeconds = Double(uptime / .milliseconds(1)).rounded() / 1_000
        uptimeText = Self.text(uptime.components.seconds)
        system = .object([
            // There is no such runtime here; the member is part of the contract.
            "nodeVersion": .null, "platform": .string("linux"), "arch": .string(Self.architecture),
            "pid": .integer(Int64(getpid())), "processes": .integer(workers.count("processes") + 1),
            "uptime": .string("\(uptime.components.seconds)s"), "uptimeFormatted": .string(uptimeText),
            "cpuUsage": processor,
        ])
    }

    /// `1d 2h 3m 4s`, from the first that is not 0 on.
    static func text(_ seconds: Int64) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        return parts.drop { $0.0 == 0 && $0.1 != "s" }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    #if arch(arm64)
        private static let architecture = "arm64"
    #else
        private static let architecture = "x64"
    #endif
}
