package import ServiceSupport

/// All settings as they were at one moment, and where each comes from.
package struct SupervisorSettings: Sendable {
    package var configuration: SupervisorConfiguration
    /// Of the file and of the supervisor's own settings.
    package var problems: [ConfigurationProblem]
    package var programs: ChildPrograms
    /// The supervisor's own.
    package var effective: [SettingsReader.Effective]
    /// What is given, secrets included.
    private var variables: [String: String]
    private var environmentKeys: Set<String>
    private var file: SettingsFile?
    private var credentialKeys: Set<String>

    package init(
        configuration: SupervisorConfiguration, problems: [ConfigurationProblem] = [], programs: ChildPrograms,
        effective: [SettingsReader.Effective] = [], variables: [String: String] = [:],
        environmentKeys: Set<String> = [], file: SettingsFile? = nil, credentialKeys: Set<String> = []
    ) {
        self.configuration = configuration
        self.problems = problems
        self.programs = programs
        self.effective = effective
        self.variables = variables
        self.environmentKeys = environmentKeys
        self.file = file
        self.credentialKeys = credentialKeys
    }

    /// `credential`, `environment`, `/etc/settings line 3`, `default`.
    package func origin(of key: String) -> String {
        if credentialKeys.contains(key) { return "credential" }
        if environmentKeys.contains(key) { return "environment" }
        if let file, let entry = file[key] { return "\(file.path) line \(entry.line)" }
        return "default"
    }

    /// What the file sets that no process reads: most likely a slip of the pen.
    func unknown(among known: Set<String>) -> [ConfigurationProblem] {
        guard let file else { return [] }
        return file.entries.filter { !known.contains($0.key) }.map {
            ConfigurationProblem(
                key: $0.key, message: "in line \($0.line) of \(file.path) is no setting; see README for their names")
        }
    }

    /// What only a new start can change: open sockets and files, and the key that everything is encrypted with.
    private static let fixed = [
        "PORT", "HOST", "METRICS_ADDRESS", "DATA_DIR", "RUNTIME_DIR", "RUNTIME_DIRECTORY", "MASTER_DB_PATH",
        "DATABASE_URL", "USER_DB_DIR",
        "ENCRYPTION_KEY", "ENCRYPTION_SALT",
    ]

    /// Why these settings cannot follow `earlier` without a new start; empty when they can.
    func refusals(after earlier: SupervisorSettings) -> [ConfigurationProblem] {
        Self.fixed.filter { variables[$0] != earlier.variables[$0] }.map {
            ConfigurationProblem(
                key: $0,
                message: "cannot change while the service runs (\(origin(of: $0))); set it back, or stop and start")
        }
    }

    /// What a reload changes of the fleet itself.
    func fleet(after earlier: SupervisorSettings, limit: Duration) -> FleetSettings {
        FleetSettings(
            hung: min(limit, configuration.hungAfter), shutdownGrace: configuration.shutdownTimeout,
            // A scaling counts until the setting itself changes.
            workers: configuration.workers == earlier.configuration.workers ? nil : configuration.workers)
    }
}
