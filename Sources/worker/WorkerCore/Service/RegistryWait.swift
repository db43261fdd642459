import Logging
import Observability
import ServiceSupport
import Storage

/// Patience with a database server that is away, where there is nothing to go on with: at start and when slots are taken over.
enum RegistryWait {
    /// Less than the supervisor's limit for a boot; then the process ends and is started again.
    static let patience: Duration = .seconds(45)
    private static let pause: Duration = .milliseconds(200)

    /// Runs `body` again and again while it fails with `unreachable`.
    static func whileAway<Value>(_ logger: Logger, _ body: () async throws -> Value) async throws -> Value {
        let deadline = ContinuousClock.now.advanced(by: patience)
        var isFirst = true
        while true {
            do {
                return try await body()
            } catch let error as StorageError where error.code == .unreachable && ContinuousClock.now < deadline {
                if isFirst { logger.warning("waiting for the registry", metadata: [LogKey.error: "\(error)"]) }
                isFirst = false
                try await Task.sleep(for: pause)
            }
        }
    }
}
