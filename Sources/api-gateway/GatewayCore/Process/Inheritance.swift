import Glibc
import ServiceSupport

/// What only a supervisor can give us.
struct Inheritance: Sendable {
    var controlDescriptor: Int32
    var listenDescriptor: Int32
    /// Nil when metrics are switched off.
    var metricsDescriptor: Int32?
    var runtimeDirectory: String

    /// Throws ``InvalidConfiguration`` naming everything that is missing.
    init(_ configuration: GatewayConfiguration) throws {
        var problems: [ConfigurationProblem] = []
        func descriptor(_ key: String, _ value: Int32?) -> Int32 {
            guard let value, fcntl(value, F_GETFD) != -1 else {
                problems.append(
                    ConfigurationProblem(key: key, message: "names no open descriptor; let the supervisor start this"))
                return -1
            }
            return value
        }
        controlDescriptor = descriptor("TORBOX_CONTROL_FD", configuration.controlDescriptor)
        listenDescriptor = descriptor("TORBOX_LISTEN_FD", configuration.listenDescriptor)
        metricsDescriptor = configuration.metricsDescriptor.map { descriptor("TORBOX_METRICS_FD", $0) }
        runtimeDirectory = configuration.runtimeDirectory ?? ""
        if runtimeDirectory.isEmpty {
            problems.append(
                ConfigurationProblem(key: "RUNTIME_DIR", message: "is not set; let the supervisor start this"))
        }
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
    }
}
