import ArgumentParser
import GatewayCommands

@main
enum Main {
    static func main() async { await APIGateway.main() }
}
