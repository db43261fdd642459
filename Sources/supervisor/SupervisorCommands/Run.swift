import ArgumentParser
import Logging
import NIOPosix
import Observability
import ServiceSupport
import SupervisorCore

/// The service itself: in the foreground, until TERM or INT.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the service until it is told to stop.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let source = options.source
        let settings = source.read()
        LoggingBootstrap.bootstrap(level: settings.configuration.logLevel, format: settings.configuration.logFormat)
        let logger = Logger(label: "supervisor")
        let stop = StopRequests()
        // One reload that waits covers all requests before it.
        let (hangUps, hangUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        SignalListener(stop) { hangUp.yield() }.listen()
        settings.log(to: logger)
        let service = SupervisorService(
            settings, source: source.read, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), hangUps: hangUps,
            notifier: .environment(), watchdogLimit: SystemdNotifier.watchdogLimit(), logger: logger)
        let exitCode = await service.run(until: stop)
        guard exitCode == ServiceSupport.ExitCode.stopped else { throw ArgumentParser.ExitCode(exitCode) }
    }
}
