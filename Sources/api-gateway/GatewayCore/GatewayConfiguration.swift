package import Logging
package import Observability
package import ServiceSupport

/// Everything that the gateway can be told, as plain values.
///
/// | Variable | Default | Range, unit, meaning |
/// |---|---|---|
/// | `FRONTEND_URL` | `http://localhost:3000` | allowed CORS origins, split on `,`, not trimmed |
/// | `BACKEND_REQUIRE_API_KEY` | `true` | `false` accepts a bare authId as identity (old frontends) |
/// | `BACKEND_SERVICE_SECRET` | none | secret; guards the internal routes from 16 characters on |
/// | `TRUST_PROXY` | `false` | trust one hop of `X-Forwarded-For` |
/// | `NODE_ENV` | `development` | `production` hides error texts and refuses forwarded plain HTTP |
/// | `REQUEST_TIMEOUT_MS` | 120000 | 1000...3600000, a request's whole time |
/// | `IP_RATE_LIMIT_MAX` | 1000 | 1...1000000000 requests in 15 minutes and address |
/// | `USER_RATE_LIMIT_MAX` | 500 | 1...1000000000 requests in 15 minutes and user |
/// | `UPLOAD_RATE_LIMIT_MAX` | 1000 | 1...1000000000 requests in 15 minutes and user that add uploads |
/// | `ADMIN_API_KEY` | none | secret; opens the admin routes, closed without |
/// | `ADMIN_RATE_LIMIT_MAX` | 100 | 1...1000000000 requests in 15 minutes and address to admin routes |
/// | `HTTP_IDLE_TIMEOUT_MS` | 75000 | 1000...3600000, a kept-alive connection without a request |
/// | `HTTP_HEADER_TIMEOUT_MS` | 10000 | 100...3600000, from the first byte of a request head to its last |
/// | `HTTP_BODY_TIMEOUT_MS` | 30000 | 100...3600000, for a body, plus a second for each 64 KiB that came |
/// | `MAX_CONNECTIONS` | 4096 | 1...1000000; further ones wait in the listening socket's queue |
/// | `RUNTIME_DIR` | set by the supervisor | where the workers' sockets are |
/// | `TORBOX_CONTROL_FD`, `TORBOX_LISTEN_FD`, `TORBOX_METRICS_FD` | set by the supervisor | inherited descriptors |
/// | `LOG_LEVEL` | `info` | `trace` ... `critical` |
/// | `LOG_FORMAT` | `auto` | `auto`, `text`, `json` |
package struct GatewayConfiguration: Sendable {
    package var allowedOrigins: [String] = ["http://localhost:3000"]
    package var requiresAPIKey = true
    package var serviceSecret: ServiceSecret?
    package var trustsProxy = false
    package var isProduction = false
    package var requestTimeout: Duration = .seconds(120)
    package var addressRateLimit = 1_000
    package var userRateLimit = 500
    package var uploadRateLimit = 1_000
    package var adminKey: AdminKey?
    package var adminRateLimit = 100
    package var connections = ConnectionLimits()
    package var runtimeDirectory: String?
    package var controlDescriptor: Int32?
    package var listenDescriptor: Int32?
    package var metricsDescriptor: Int32?
    package var logLevel: Logger.Level = .info
    package var logFormat: LogFormat = .auto
    /// What is allowed but hardly meant, for the log.
    package var warnings: [ConfigurationProblem] = []

    /// The defaults, for tests.
    package init() {}

    /// Reads every setting; what is wrong is reported to `settings`, see ``SettingsReader/throwProblems()``.
    package init(reading settings: SettingsReader) {
        allowedOrigins = settings.string("FRONTEND_URL", default: "http://localhost:3000")
            .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        requiresAPIKey = settings.flag("BACKEND_REQUIRE_API_KEY", default: true)
        readServiceSecret(settings)
        trustsProxy = settings.flag("TRUST_PROXY", default: false)
        isProduction = settings.string("NODE_ENV", default: "development") == "production"
        requestTimeout = settings.milliseconds("REQUEST_TIMEOUT_MS", default: 120_000, in: 1_000...3_600_000)
        addressRateLimit = settings.integer("IP_RATE_LIMIT_MAX", default: 1_000, in: Self.rateLimitRange)
        userRateLimit = settings.integer("USER_RATE_LIMIT_MAX", default: 500, in: Self.rateLimitRange)
        uploadRateLimit = settings.integer("UPLOAD_RATE_LIMIT_MAX", default: 1_000, in: Self.rateLimitRange)
        readAdminKey(settings)
        adminRateLimit = settings.integer("ADMIN_RATE_LIMIT_MAX", default: 100, in: Self.rateLimitRange)
        connections = ConnectionLimits(reading: settings)
        runtimeDirectory = settings.optionalString("RUNTIME_DIR")
        controlDescriptor = Self.descriptor("TORBOX_CONTROL_FD", settings)
        listenDescriptor = Self.descriptor("TORBOX_LISTEN_FD", settings)
        metricsDescriptor = Self.descriptor("TORBOX_METRICS_FD", settings)
        logLevel = LogSettings.level(settings)
        logFormat = LogSettings.format(settings)
    }

    private static let rateLimitRange = 1...1_000_000_000

    private mutating func readServiceSecret(_ settings: SettingsReader) {
        guard let text = settings.secret("BACKEND_SERVICE_SECRET") else { return }
        serviceSecret = ServiceSecret(text)
        if serviceSecret == nil {
            warnings.append(
                ConfigurationProblem(
                    key: "BACKEND_SERVICE_SECRET",
                    message: "is shorter than \(ServiceSecret.minimumLength) characters and guards nothing"))
        }
    }

    private mutating func readAdminKey(_ settings: SettingsReader) {
        adminKey = settings.secret("ADMIN_API_KEY").flatMap { AdminKey($0) }
        guard let adminKey, adminKey.isShort else { return }
        warnings.append(
            ConfigurationProblem(
                key: "ADMIN_API_KEY",
                message: "is shorter than \(AdminKey.advisedLength) characters and easy to guess; give a longer one"))
    }

    private static func descriptor(_ key: String, _ settings: SettingsReader) -> Int32? {
        let number = settings.integer(key, default: -1, in: 0...65_535)
        return number < 0 ? nil : Int32(number)
    }
}
