import Foundation
import NIOCore
import ServiceSupport
import WireProtocol

@testable import SupervisorCore

/// Executables `worker` and `api-gateway` that are shell scripts, and speak on the control channel by copying
/// frames from files.
struct FakeChildren {
    let directory: TemporaryDirectory

    /// Says hello and ready, checks in, and leaves on `drain` or end of file.
    static let wellBehaved = """
        say hello; say ready
        while kill -0 $listener 2>/dev/null && ! grep -aq drain $in; do say alive; sleep 0.05; done
        grep -aq drain $in && say drained
        exit 0
        """

    init() throws {
        directory = try TemporaryDirectory()
        try write(.hello(ChildGreeting(role: "worker", index: 0, pid: 1, version: "test")), to: "hello")
        try write(.ready, to: "ready")
        try write(.alive(ChildHealth()), to: "alive")
        try write(.drained, to: "drained")
        try write(.failed(reason: "the key does not fit"), to: "failed")
        try worker()
        try gateway()
    }

    private func write(_ message: ControlMessage, to name: String) throws {
        var buffer = ByteBuffer()
        try FrameCodec.encode(try message.frame(), into: &buffer)
        try directory.write(Data(buffer.readableBytesView), to: name)
    }

    /// `serve` has `$index`, `$in` (what has been received), `$listener` and `say`; every start leaves a line in
    /// `<name>.starts`.
    func worker(serve: String = wellBehaved, migrate: String = "exit 0", check: String = "exit 0") throws {
        try script("worker", serve: serve, migrate: migrate, check: check)
    }

    func gateway(serve: String = wellBehaved, check: String = "exit 0") throws {
        try script("api-gateway", serve: serve, migrate: "exit 64", check: check)
    }

    private func script(_ name: String, serve: String, migrate: String, check: String) throws {
        try directory.script(
            name,
            """
            d=\(directory.path)
            say() { cat $d/$1 >&3; }
            echo $1 $3 >> $d/\(name).starts
            case $1 in
            check-config) \(check) ;;
            migrate) \(migrate) ;;
            serve)
            index=$3
            in=$d/in.\(name).$$
            : > $in
            cat <&3 >> $in &
            listener=$!
            \(serve)
            ;;
            esac
            """)
    }

    func configuration(workers: Int, shutdownTimeout: Duration = .seconds(30)) -> SupervisorConfiguration {
        let reader = SettingsReader.variables([
            "PORT": "0", "METRICS_ADDRESS": "off", "WORKERS": String(workers), "DATA_DIR": "\(directory.path)/data",
            "RUNTIME_DIR": "\(directory.path)/run",
        ])
        var result = SupervisorConfiguration(reader: reader, currentDirectory: directory.path)
        result.shutdownTimeout = shutdownTimeout
        return result
    }

    var programs: ChildPrograms {
        ChildPrograms(
            directory: directory.path, environment: ["PATH": "/usr/bin:/bin"],
            runtimeDirectory: "\(directory.path)/run")
    }

    /// What `supervisor run` would read with this file of settings beside the environment.
    func source(file: String) -> SettingsSource {
        SettingsSource(
            environment: [
                "PORT": "0", "METRICS_ADDRESS": "off", "WORKERS": "1", "DATA_DIR": "\(directory.path)/data",
                "RUNTIME_DIR": "\(directory.path)/run",
                "PATH": "/usr/bin:/bin",
            ],
            file: "\(directory.path)/\(file)", currentDirectory: directory.path, programDirectory: directory.path)
    }
}
