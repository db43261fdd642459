import DomainModel
import Foundation
import Registry
import ServiceSupport
import WireProtocol

/// A worker's share of `/api/health/detailed`. Nothing in it names a user.
struct HealthHandlers: Sendable {
    let users: UserAccess
    let probe: TorBoxProbe
    let registryPath: String

    @concurrent func detail() async throws -> Response {
        let began = ContinuousClock.now
        var failure: String?
        do {
            _ = try await users.registry.anyKey()
        } catch {
            // The log of the request that fails next has the rest; this route is open.
            failure = "The registry cannot be read"
        }
        let milliseconds = Int(began.duration(to: .now) / .milliseconds(1))
        let (verdict, figures, online) = (
            await probe.verdict(), ProcessFigures.current(), users.presence.onlineCount(at: users.now())
        )
        return Reply.document { json in
            json.member(
                "database",
                object: {
                    $0.member("isHealthy", failure == nil)
                    $0.member("error", failure)
                    $0.member("responseMilliseconds", milliseconds)
                    $0.member("bytes", raw: registryBytes.map { String($0) })
                })
            json.member(
                "api",
                object: {
                    $0.member("status", verdict.status.rawValue)
                    $0.member("message", verdict.message)
                })
            json.member("online", online)
            json.member(
                "process",
                object: {
                    $0.member("resident", figures.resident)
                    $0.member("data", figures.data)
                    $0.member("anonymous", figures.anonymous)
                    $0.member("files", figures.files)
                    $0.member("userMicroseconds", figures.userMicroseconds)
                    $0.member("systemMicroseconds", figures.systemMicroseconds)
                })
        }
    }

    /// Nil when the registry is no file.
    private var registryBytes: Int? {
        // What cannot be looked at has no size to tell.
        let attributes = try? FileManager.default.attributesOfItem(atPath: registryPath)
        return (attributes?[.size] as? NSNumber)?.intValue
    }
}
