import ArgumentParser
import GatewayCore
import Logging
import Observability
import ServiceSupport

/// `api-gateway serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve on the listening socket that the supervisor hands over.")

    func run() async throws {
        let settings = SettingsReader.environment()
        let configuration = GatewayConfiguration(reading: settings)
        LoggingBootstrap.bootstrap(level: configuration.logLevel, format: configuration.logFormat)
        MetricsRegistry.bootstrap()
        let logger = Logger(label: "gateway")
        do {
            try settings.throwProblems()
            for setting in settings.effective where !setting.isDefault {
                logger.info(
                    "setting", metadata: [LogKey.key: "\(setting.key)", LogKey.value: "\(setting.value)"])
            }
            try await GatewayProcess.run(configuration)
        } catch let invalid as InvalidConfiguration {
            for problem in invalid.problems {
                logger.critical(
                    "configuration is invalid",
                    metadata: [LogKey.key: "\(problem.key)", LogKey.reason: "\(problem.message)"])
            }
            throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.configuration)
        } catch {
            logger.critical("gateway failed", metadata: [LogKey.error: "\(error)"])
            throw ArgumentParser.ExitCode(ServiceSupport.ExitCode.temporary)
        }
    }
}
