import Glibc

/// Where the children's executables are and what they inherit.
package struct ChildPrograms: Sendable, Equatable {
    package var worker: String
    package var gateway: String
    /// Everything from our own environment that is not meant for us alone.
    package var environment: [String: String]

    /// Names that systemd gives one process, and that must not be mistaken for the child's own.
    private static let ownVariables: Set<String> = [
        "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
        "RUNTIME_DIRECTORY", SettingsSource.fileKey, ControlChannel.environmentVariable,
        ListeningSocket.environmentVariable, ListeningSocket.metricsVariable,
    ]

    /// Secrets that the gateway has no use for, and so does not get.
    private static let workersOnly = [
        "ENCRYPTION_KEY", "ENCRYPTION_SALT", "ENCRYPTION_KEY_PREVIOUS", "ENCRYPTION_SALT_PREVIOUS", "DATABASE_URL",
    ]

    package init(worker: String, gateway: String, environment: [String: String], runtimeDirectory: String) {
        self.worker = worker
        self.gateway = gateway
        self.environment = environment.filter { !Self.ownVariables.contains($0.key) }
        self.environment["RUNTIME_DIR"] = runtimeDirectory
    }

    /// The executables in `directory`.
    package init(directory: String, environment: [String: String], runtimeDirectory: String) {
        self.init(
            worker: "\(directory)/worker", gateway: "\(directory)/api-gateway", environment: environment,
            runtimeDirectory: runtimeDirectory)
    }

    /// The directory of the running executable, links resolved; nil when `/proc` does not tell.
    package static func ownDirectory() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// A child that serves.
    package func specification(of id: ChildID) -> ChildSpecification {
        var variables = environment
        variables[ControlChannel.environmentVariable] = String(ControlChannel.descriptorInChild)
        switch id {
        case .worker(let index):
            return ChildSpecification(
                executable: worker, arguments: ["serve", "--index", String(index)], environment: variables)
        case .nthGateway:
            for name in Self.workersOnly { variables[name] = nil }
            variables[ListeningSocket.environmentVariable] = String(ListeningSocket.descriptorInChild)
            return ChildSpecification(executable: gateway, arguments: ["serve"], environment: variables)
        }
    }

    /// A command that runs to its end, such as `worker migrate`.
    package func command(_ executable: String, _ arguments: String...) -> ChildSpecification {
        ChildSpecification(executable: executable, arguments: arguments, environment: environment)
    }
}
