import ArgumentParser
import NIOPosix
import SupervisorCore

/// Looks at everything that can be wrong and says what to do about it. Changes nothing.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Examine settings, files, machine and service; propose a fix for each problem. Exit code 1 when anything failed."
    )

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print JSON instead of a list.") var json = false

    func run() async throws {
        let doctor = Doctor(options.source.read(), eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        let findings = await doctor.examine()
        print(json ? try FindingList.json(findings) : FindingList.text(findings))
        throw ArgumentParser.ExitCode(FindingList.exitCode(findings))
    }
}
