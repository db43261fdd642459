import Logging
import ServiceSupport
import Testing

@testable import GatewayCore

@Suite struct ConfigurationTests {
    @Test("nothing set is the default, with a key required")
    func defaults() {
        let settings = SettingsReader.variables([:])
        let configuration = GatewayConfiguration(reading: settings)
        #expect(settings.problems.isEmpty)
        #expect(configuration.requiresAPIKey)
        #expect(configuration.allowedOrigins == ["http://localhost:3000"])
        #expect(configuration.requestTimeout == .seconds(120))
        #expect(configuration.addressRateLimit == 1_000)
        #expect(configuration.userRateLimit == 500)
        #expect(configuration.serviceSecret == nil)
        #expect(configuration.listenDescriptor == nil)
    }

    @Test("origins are split at commas and not trimmed")
    func origins() {
        let settings = SettingsReader.variables(["FRONTEND_URL": "http://a,http://b, http://c"])
        #expect(GatewayConfiguration(reading: settings).allowedOrigins == ["http://a", "http://b", " http://c"])
    }

    @Test("everything malformed is reported together")
    func problems() {
        let settings = SettingsReader.variables([
            "BACKEND_REQUIRE_API_KEY": "perhaps", "REQUEST_TIMEOUT_MS": "soon", "IP_RATE_LIMIT_MAX": "0",
            "USER_RATE_LIMIT_MAX": "-1", "MAX_CONNECTIONS": "many", "HTTP_BODY_TIMEOUT_MS": "1", "LOG_LEVEL": "loud",
        ])
        _ = GatewayConfiguration(reading: settings)
        #expect(
            Set(settings.problems.map(\.key)) == [
                "BACKEND_REQUIRE_API_KEY", "REQUEST_TIMEOUT_MS", "IP_RATE_LIMIT_MAX", "USER_RATE_LIMIT_MAX",
                "MAX_CONNECTIONS", "HTTP_BODY_TIMEOUT_MS", "LOG_LEVEL",
            ])
    }

    @Test("a short service secret guards nothing and is worth a warning, and no secret is ever printed")
    func serviceSecret() {
        let short = GatewayConfiguration(reading: .variables(["BACKEND_SERVICE_SECRET": "  fifteen-letters  "]))
        #expect(short.serviceSecret == nil)
        #expect(short.warnings.map(\.key) == ["BACKEND_SERVICE_SECRET"])
        let long = GatewayConfiguration(reading: .variables(["BACKEND_SERVICE_SECRET": "sixteen-letters-"]))
        #expect(long.serviceSecret?.matches("sixteen-letters-") == true)
        #expect(long.serviceSecret?.matches("sixteen-letters") == false)
        #expect(long.serviceSecret?.matches("sixteen-letters-x") == false)
        var dumped = ""
        dump(long, to: &dumped)
        #expect(!dumped.contains("sixteen"))
        #expect(!"\(long)".contains("sixteen"))
    }

    @Test("without a supervisor everything that only it can give is named")
    func inheritance() {
        #expect {
            try Inheritance(GatewayConfiguration())
        } throws: { error in
            (error as? InvalidConfiguration)?.problems.map(\.key) == [
                "TORBOX_CONTROL_FD", "TORBOX_LISTEN_FD", "RUNTIME_DIR",
            ]
        }
    }
}
