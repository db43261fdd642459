import Glibc
import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct DataDirectoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func mode(_ name: String) -> UInt32 {
        var status = stat()
        return stat("\(directory.path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("missing directories are created for our user only") func creates() throws {
        try PrivateDirectory.prepare("\(directory.path)/a/b", key: "DATA_DIR")
        #expect(mode("a") == 0o700)
        #expect(mode("a/b") == 0o700)
        try PrivateDirectory.prepare("\(directory.path)/a/b", key: "DATA_DIR")
    }

    @Test("a file in the way is a problem that names the setting and the path") func fileInTheWay() throws {
        try directory.write("", to: "file")
        for path in ["\(directory.path)/file", "\(directory.path)/file/below"] {
            let problem = #expect(throws: ConfigurationProblem.self) {
                try PrivateDirectory.prepare(path, key: "DATA_DIR")
            }
            #expect(problem?.key == "DATA_DIR")
            #expect(problem?.message.contains("\(directory.path)/file") == true)
        }
    }

    @Test("a second supervisor is refused with the pid of the first, and welcome once that is gone") func lock() throws
    {
        do {
            let first = try DataDirectoryLock(directory: directory.path)
            let error = #expect(throws: SupervisorError.self) { try DataDirectoryLock(directory: directory.path) }
            #expect(error?.exitCode == 75)
            #expect(error?.message == "another supervisor (pid \(getpid())) runs on \(directory.path)")
            withExtendedLifetime(first) {}
        }
        _ = try DataDirectoryLock(directory: directory.path)
        #expect(mode("supervisor.lock") == 0o600)
    }
}
