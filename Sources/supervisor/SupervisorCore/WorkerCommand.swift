package import NIOCore

/// A command of the worker's executable on behalf of an operator: `worker rotate-key`. It prints where we print.
package struct WorkerCommand: Sendable {
    /// Work on a large registry takes minutes; nothing waits for it but the operator, who can interrupt it.
    private static let limit: Duration = .seconds(24 * 3_600)

    private let programs: ChildPrograms
    private let eventLoop: any EventLoop

    package init(programs: ChildPrograms, eventLoop: any EventLoop) {
        self.programs = programs
        self.eventLoop = eventLoop
    }

    /// Runs it to its end and returns its exit code; killed by signal n counts as 128 + n.
    package func run(_ arguments: [String]) async throws -> Int32 {
        let specification = ChildSpecification(
            executable: programs.worker, arguments: arguments, environment: programs.environment)
        let outcome = try await OneShotCommand(
            specification: specification, limit: Self.limit, eventLoop: eventLoop
        ).run()
        switch outcome.status {
        case .exited(let code): return code
        case .signalled(let number): return 128 + number
        }
    }
}
