import Logging
import Observability
import ServiceSupport
import Testing
import WireProtocol

@testable import SupervisorCore

@Suite struct SupervisorConfigurationTests {
    private func read(_ variables: [String: String]) -> (SupervisorConfiguration, [String]) {
        let reader = SettingsReader.variables(variables)
        let configuration = SupervisorConfiguration(reader: reader, currentDirectory: "/srv/app")
        return (configuration, reader.problems.map(\.description))
    }

    @Test("nothing set gives the documented defaults") func defaults() {
        let (configuration, problems) = read([:])
        #expect(problems.isEmpty)
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 3001)
        #expect(configuration.workers == min(Processors.count, 256))
        #expect(configuration.dataDirectory == "/srv/app/data")
        #expect(configuration.runtimeDirectory == "/srv/app/data/run")
        #expect(configuration.shutdownTimeout == .seconds(30))
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .auto)
        #expect(configuration.sockets == InheritedSockets())
    }

    @Test("metrics have an address of their own, or none at all") func metrics() {
        #expect(read([:]).0.metricsAddress == HostAndPort("127.0.0.1:9464"))
        #expect(read(["METRICS_ADDRESS": "off"]).0.metricsAddress == nil)
        #expect(
            read(["METRICS_ADDRESS": "here"]).1
                == ["METRICS_ADDRESS is \"here\"; give host:port, such as 127.0.0.1:9464, or off"])
    }

    @Test("every problem is reported, not only the first") func all() {
        let (_, problems) = read([
            "PORT": "70000", "WORKERS": "0", "SHUTDOWN_TIMEOUT_MS": "soon", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml",
        ])
        #expect(problems.count == 5)
        #expect(problems.contains("WORKERS is \"0\"; give a whole number from 1 to 256"))
    }

    @Test(
        "the runtime directory comes from RUNTIME_DIR, then from systemd, then from the data directory",
        arguments: [
            (["RUNTIME_DIR": "sock", "RUNTIME_DIRECTORY": "/run/a"], "/srv/app/sock"),
            (["RUNTIME_DIRECTORY": "/run/a:/run/b"], "/run/a"),
            (["DATA_DIR": "/var/lib/tb/"], "/var/lib/tb/run"),
        ])
    func runtimeDirectory(variables: [String: String], expected: String) {
        #expect(read(variables).0.runtimeDirectory == expected)
    }

    @Test("a runtime directory that makes socket paths too long is a problem with the way out") func longPath() {
        let base = "/" + String(repeating: "r", count: UnixSocket.maximumPathBytes - "//worker-9.sock".count)
        #expect(read(["RUNTIME_DIR": base, "WORKERS": "10"]).1.isEmpty)
        let problems = read(["RUNTIME_DIR": base, "WORKERS": "11"]).1
        #expect(problems.count == 1)
        #expect(problems.first?.contains("give a shorter directory") == true)
    }
}
