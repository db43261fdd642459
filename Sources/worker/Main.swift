import ArgumentParser
import WorkerCommands

@main
enum Main {
    static func main() async { await Worker.main() }
}
