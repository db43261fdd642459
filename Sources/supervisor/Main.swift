import ArgumentParser
import SupervisorCommands

@main
enum Main {
    static func main() async { await Supervisor.main() }
}
