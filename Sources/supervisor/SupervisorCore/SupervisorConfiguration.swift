package import Logging
package import Observability
package import ServiceSupport
import Sharding
import WireProtocol

/// What the supervisor itself needs to know; its children read their own settings from the same environment.
///
/// | key | type | default | range and meaning |
/// |---|---|---|---|
/// | `PORT` | number | 3001 | 0...65535; TCP port of the gateway. 0 lets the kernel choose, for tests |
/// | `HOST` | text | 127.0.0.1 | name or address to listen on; `0.0.0.0` or `::` for all |
/// | `METRICS_ADDRESS` | address | 127.0.0.1:9464 | host:port of the page of metrics; `off` for none |
/// | `WORKERS` | number | processors | 1...256; worker processes |
/// | `DATA_DIR` | path | ./data | created with mode 0700; one supervisor at a time |
/// | `RUNTIME_DIR` | path | first entry of `RUNTIME_DIRECTORY`, else `DATA_DIR/run` | sockets; short enough for them |
/// | `SHUTDOWN_TIMEOUT_MS` | milliseconds | 30000 | 1000...3600000; the whole drain, then KILL |
/// | `HUNG_AFTER_MS` | milliseconds | 30000 | 3000...3600000; silence after which a child is aborted |
/// | `LOG_LEVEL` | word | info | trace ... critical |
/// | `LOG_FORMAT` | word | auto | auto, text or json |
/// | `SETTINGS_FILE` | path | none | `KEY=VALUE` lines that count where the environment says nothing |
///
/// None of them is secret. `RUNTIME_DIRECTORY` is set by systemd, like the sockets that ``InheritedSockets`` receives.
package struct SupervisorConfiguration: Sendable, Equatable {
    package var host: String
    package var port: Int
    /// Opened by systemd; host and port do not count for one that is there.
    package var sockets: InheritedSockets
    /// Nil when metrics are switched off.
    package var metricsAddress: HostAndPort?
    package var workers: Int
    /// Absolute.
    package var dataDirectory: String
    /// Absolute.
    package var runtimeDirectory: String
    package var shutdownTimeout: Duration
    package var hungAfter: Duration
    package var logLevel: Logger.Level
    package var logFormat: LogFormat

    /// Reads everything; what is wrong is in `reader.problems`, and has its default here.
    ///
    /// - Parameters:
    ///   - currentDirectory: what relative paths start from.
    package init(
        reader: SettingsReader, currentDirectory: String, sockets: InheritedSockets = InheritedSockets()
    ) {
        self.sockets = sockets
        port = reader.integer("PORT", default: 3001, in: 0...65535)
        host = reader.string("HOST", default: "127.0.0.1")
        metricsAddress = Self.metricsAddress(reader)
        workers = reader.integer("WORKERS", default: min(Processors.count, 256), in: 1...256)
        shutdownTimeout = reader.milliseconds("SHUTDOWN_TIMEOUT_MS", default: 30_000, in: 1_000...3_600_000)
        hungAfter = reader.milliseconds("HUNG_AFTER_MS", default: 30_000, in: 3_000...3_600_000)
        // Read by ``SettingsSource``, which needs it before anything else.
        _ = reader.optionalString(SettingsSource.fileKey)
        logLevel = LogSettings.level(reader)
        logFormat = LogSettings.format(reader)
        let data = Self.absolute(reader.string("DATA_DIR", default: "./data"), from: currentDirectory)
        dataDirectory = data
        runtimeDirectory = Self.runtimeDirectory(reader, dataDirectory: data, currentDirectory: currentDirectory)
        checkSocketPaths(reader)
    }

    private static func runtimeDirectory(
        _ reader: SettingsReader, dataDirectory: String, currentDirectory: String
    ) -> String {
        // systemd gives several directories separated by colons when the unit names several.
        let given = reader.optionalString("RUNTIME_DIRECTORY")?.split(separator: ":").first.map(String.init)
        return absolute(reader.string("RUNTIME_DIR", default: given ?? "\(dataDirectory)/run"), from: currentDirectory)
    }

    private static func metricsAddress(_ reader: SettingsReader) -> HostAndPort? {
        let text = reader.string("METRICS_ADDRESS", default: "127.0.0.1:9464")
        guard text.lowercased() != "off" else { return nil }
        let address = HostAndPort(text)
        if address == nil {
            reader.report("METRICS_ADDRESS", "is \"\(text)\"; give host:port, such as 127.0.0.1:9464, or off")
        }
        return address
    }

    private func checkSocketPaths(_ reader: SettingsReader) {
        let longest = WorkerAddress.socketPath(runtimeDirectory: runtimeDirectory, worker: workers - 1)
        guard longest.utf8.count > UnixSocket.maximumPathBytes else { return }
        reader.report(
            "RUNTIME_DIR",
            "makes socket paths of \(longest.utf8.count) bytes (\(longest)), "
                + "and a Unix socket may have \(UnixSocket.maximumPathBytes); give a shorter directory")
    }

    /// `path` without `.` steps, doubled and trailing slashes; what `..` means is left to the kernel.
    private static func absolute(_ path: String, from currentDirectory: String) -> String {
        let full = path.hasPrefix("/") ? path : "\(currentDirectory)/\(path)"
        return "/" + full.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
