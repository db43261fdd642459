import CProcess
import Glibc
import NIOPosix

/// The one thread that all children are started from. It never ends, because some kernel features (the
/// parent-death signal above all) go by the spawning thread and not by the process.
enum SpawnThread {
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()

    /// Starts a process with `descriptors` (ours, by the number they get in the child) and no others.
    /// Throws ``SupervisorError`` `.system` when it cannot be executed.
    static func spawn(
        _ specification: ChildSpecification, descriptors: [Int32: Int32]
    ) async throws -> SpawnedProcess {
        try await withCheckedThrowingContinuation { continuation in
            pool.submit { _ in
                continuation.resume(with: Result { try start(specification, descriptors) })
            }
        }
    }

    private static func start(
        _ specification: ChildSpecification, _ descriptors: [Int32: Int32]
    ) throws -> SpawnedProcess {
        let variables = specification.environment.map { "\($0.key)=\($0.value)" }
        let map = descriptors.map { cprocess_descriptor(source: $0.value, target: $0.key) }
        var child = cprocess_child()
        let error = withCStrings([specification.executable] + specification.arguments) { arguments in
            withCStrings(variables) { environment in
                cprocess_spawn(specification.executable, arguments, environment, map, map.count, &child)
            }
        }
        guard error == 0 else {
            throw SystemCall.failure("cannot start \(specification.executable) (\(child.failed_step.words))", error)
        }
        return SpawnedProcess(pid: child.pid, pidfd: child.pidfd)
    }

    /// A NULL-terminated array of C strings, alive for the call.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}

extension cprocess_step {
    fileprivate var words: String {
        switch self {
        case CPROCESS_STEP_PIPE: "making a pipe"
        case CPROCESS_STEP_FORK: "fork"
        case CPROCESS_STEP_DESCRIPTORS: "passing descriptors"
        case CPROCESS_STEP_EXEC: "executing it"
        case CPROCESS_STEP_PIDFD: "pidfd_open"
        default: "unknown step"
        }
    }
}
