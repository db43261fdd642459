import ArgumentParser
import Foundation
import GatewayCommands
import SupervisorCommands
import WorkerCommands

/// All three programs in one file, which is what gets installed: under the names `supervisor`, `worker` and
/// `api-gateway` (or longer ones that end so, such as `torbox-backend-worker`) it is that program.
///
/// The processes stay as separate as they were; but the pages of the Swift runtime, Foundation and SwiftNIO are in
/// memory once instead of three times, and on disk too.
@main
enum Main {
    static func main() async {
        let name = (CommandLine.arguments.first ?? "").split(separator: "/").last ?? ""
        func isCalled(_ program: String) -> Bool { name == program || name.hasSuffix("-" + program) }
        if isCalled("supervisor") { return await Supervisor.main() }
        if isCalled("worker") { return await Worker.main() }
        if isCalled("api-gateway") { return await APIGateway.main() }
        FileHandle.standardError.write(
            Data("\(name): this program goes by its name; run it as supervisor, worker or api-gateway\n".utf8))
        exit(EX_USAGE)
    }
}
