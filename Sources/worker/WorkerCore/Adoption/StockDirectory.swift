import DomainModel
import Foundation
import Glibc
import ServiceSupport
import Storage

/// The data directory of a stock backend. It is only ever read, byte by byte: even SQLite, opening a database for reading,
/// may write beside it. All calls block.
struct StockDirectory: Sendable {
    let path: String

    var master: String { "\(path)/master.db" }
    var users: String { "\(path)/users" }
    var uploads: String { "\(path)/uploads" }

    init(_ path: String) throws {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        guard PrivateFiles.status(of: master) != nil else {
            throw StartFailure(
                ExitCode.configuration,
                "there is no stock data directory at \(self.path): it has no file master.db; give the one with master.db and users"
            )
        }
    }

    /// Refuses while another process has the registry open, as the stock backend does all its life.
    func requireUnused() throws {
        guard let holder = Self.holder(of: master) else { return }
        throw StartFailure(
            ExitCode.temporary,
            "another process\(holder > 0 ? " (pid \(holder))" : "") has \(master) open: stop the stock backend, then run again"
        )
    }

    /// Where a user's file is: under the name of the registration in our own directory, else where that says.
    func file(registeredAs text: String, of user: UserID) -> (path: String, isElsewhere: Bool)? {
        let name = text.split(separator: "/").last.map(String.init) ?? UserFiles.name(of: user)
        let inside = ["\(users)/\(name)", "\(users)/\(UserFiles.name(of: user))"]
        if let found = inside.first(where: { PrivateFiles.status(of: $0) != nil }) { return (found, false) }
        guard text.hasPrefix("/"), PrivateFiles.status(of: text) != nil else { return nil }
        return (text, true)
    }

    /// Users with a file under its usual name.
    func usersWithFiles() throws -> [UserID] { try UserFiles(directory: users).users() }

    /// The pid of a process that holds SQLite's lock on a database, 0 when there is one of unknown pid; nil when there is none.
    static func holder(of database: String) -> pid_t? {
        let descriptor = open(database, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // The bytes that every reader of a database locks (https://www.sqlite.org/fileformat.html, 1.3.1; os.h, SHARED_FIRST).
        var request = flock(
            l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0x4000_0002, l_len: 510, l_pid: 0)
        guard fcntl(descriptor, openFileGetLock, &request) == 0, request.l_type != Int16(F_UNLCK) else { return nil }
        return max(0, request.l_pid)
    }
}

/// `F_OFD_GETLK`, which the C library shows only to GNU sources.
private let openFileGetLock: Int32 = 36
