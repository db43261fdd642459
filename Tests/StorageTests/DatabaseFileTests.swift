import DomainModel
import Foundation
import GRDB
import Storage
import Testing

@Suite struct DatabaseFileTests {
    private func open(_ path: String, _ options: DatabaseOptions = DatabaseOptions()) throws -> DatabaseQueue {
        try DatabaseFile.open(path: path, kind: .somebody, options: options)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a file is opened with the settings that everything relies on") func settings() async throws {
        try await withTemporaryFolder { folder in
            let queue = try open("\(folder)/a.sqlite", DatabaseOptions(durability: .powerCut, cacheKiB: 321))
            #expect(try queue.strings("PRAGMA journal_mode") == ["wal"])
            #expect(try queue.strings("PRAGMA foreign_keys") == ["1"])
            #expect(try queue.strings("PRAGMA cache_size") == ["-321"])
            #expect(try queue.strings("PRAGMA synchronous") == ["2"])
            #expect(try queue.strings("PRAGMA busy_timeout") == ["5000"])
        }
    }

    @Test("the journal beside an open file stays small, however much is written") func journalSize() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            let queue = try open(path)
            try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (a)") }
            for _ in 0..<40 {
                try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (randomblob(100000))") }
            }
            // One transaction may need more than the limit; the next gives that room back.
            try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (randomblob(3000000))") }
            try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") }
            try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (2)") }
            let bytes = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? .max
            #expect(bytes < 1_300_000)
            try queue.close()
        }
    }

    @Test("by default no commit waits for the disk") func defaultDurability() async throws {
        try await withTemporaryFolder { folder in
            let queue = try open("\(folder)/a.sqlite")
            #expect(try queue.strings("PRAGMA synchronous") == ["1"])
        }
    }

    @Test("a new file and its directories are for our own user only") func modes() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/x/y/a.sqlite"
            let queue = try open(path)
            try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (a)") }
            #expect(try mode(path) == 0o600)
            #expect(try mode(path + "-wal") == 0o600)
            #expect(try mode("\(folder)/x") == 0o700)
            #expect(try mode("\(folder)/x/y") == 0o700)
        }
    }

    @Test("a file that is no database is refused by its right name and left untouched") func notADatabase() async throws
    {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            let text = Data(String(repeating: "this is a letter, not a database. ", count: 200).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: StorageError.self) { try open(path) }
            #expect(error.code == .notADatabase)
            #expect(error.isDamage)
            #expect(error.message.hasPrefix("cannot open the database of user 0a0a0a0a: "))
            #expect(error.hint?.contains("backup") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test("a file whose schema is damaged is refused as corrupt") func corrupt() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            let queue = try open(path)
            try queue.inDatabase { try $0.execute(sql: "CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
            try queue.close()
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: 100)
            try handle.write(contentsOf: Data(repeating: 0xff, count: 3_000))
            try handle.close()
            #expect(try storageCode { _ = try open(path) } == .corrupt)
        }
    }

    @Test("damage behind the schema is found by the integrity check") func integrity() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            var queue = try open(path)
            try queue.inDatabase { db in
                try db.execute(sql: "CREATE TABLE t (a)")
                for _ in 1...50 { try db.execute(sql: "INSERT INTO t VALUES (hex(randomblob(500)))") }
            }
            #expect(try queue.inDatabase { try DatabaseIntegrity.problems(in: $0, isThorough: true) }.isEmpty)
            try queue.close()
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: 4_096 * 3)
            try handle.write(contentsOf: Data(repeating: 0xff, count: 4_096))
            try handle.close()
            queue = try open(path)
            #expect(try !queue.inDatabase { try DatabaseIntegrity.problems(in: $0) }.isEmpty)
        }
    }

    @Test("a missing file is an error where it must exist, and is not made") func missing() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.sqlite"
            let code = try storageCode { _ = try open(path, DatabaseOptions(createsMissingFile: false)) }
            #expect(code == .cannotOpen)
            #expect(!PrivateFiles.exists(path))
        }
    }

    @Test("a directory that cannot be written is an error with a hint") func unwritableDirectory() throws {
        // Nobody, not even root, can make files there.
        let error = try #require(throws: StorageError.self) { try open("/proc/self/fdinfo/a.sqlite") }
        #expect(error.code == .cannotOpen)
        #expect(error.hint != nil)
    }

    @Test("a directory whose parent is a file is an error") func parentIsAFile() async throws {
        try await withTemporaryFolder { folder in
            try PrivateFiles.makeFile("\(folder)/file")
            #expect(try storageCode { _ = try open("\(folder)/file/x/a.sqlite") } == .cannotOpen)
        }
    }

    @Test("committed writes are in the files before anything is closed") func survivesWithoutClosing() async throws {
        try await withTemporaryFolder { folder in
            let queue = try open("\(folder)/a.sqlite")
            try queue.write { try $0.execute(sql: "CREATE TABLE t (a); INSERT INTO t VALUES (7)") }
            // What a process leaves that is killed now.
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: "\(folder)/a.sqlite\(suffix)", toPath: "\(folder)/b.sqlite\(suffix)")
            }
            #expect(try open("\(folder)/b.sqlite").strings("SELECT a FROM t") == ["7"])
        }
    }

    /// SQLite refuses the switch to WAL at once, without waiting, while another is about to write.
    @Test("a file that another process is switching or writing meanwhile is waited for", .timeLimit(.minutes(1)))
    func waitsForAnotherSwitch() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/shared.sqlite"
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            // Its commit may meet the other one reading, for a moment.
            configuration.busyMode = .timeout(30)
            let holder = try DatabaseQueue(path: path, configuration: configuration)
            try await holder.writeWithoutTransaction { db in
                try db.execute(sql: "CREATE TABLE held (a)")
                try db.execute(sql: "BEGIN IMMEDIATE")
            }
            let mine = descriptors(of: path)
            async let opened = Blocking.run { try DatabaseFile.open(path: path, kind: .somebody) }
            // Whoever has opened the file asks for the switch next.
            while descriptors(of: path) == mine, !Task.isCancelled { await Task.yield() }
            try await holder.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
            #expect(try await opened.strings("PRAGMA journal_mode") == ["wal"])
        }
    }

    /// How often this process has the file open.
    private func descriptors(of path: String) -> Int {
        let manager = FileManager.default
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let numbers = (try? manager.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.count { (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path }
    }

    @Test("a file that stays locked is given up after the busy timeout, with a clear error") func staysLocked()
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/locked.sqlite"
            let holder = try DatabaseQueue(path: path)
            try holder.inDatabase { db in
                try db.execute(sql: "CREATE TABLE held (a)")
                try db.execute(sql: "BEGIN EXCLUSIVE")
                let code = try storageCode {
                    _ = try DatabaseFile.open(
                        path: path, kind: .somebody, options: DatabaseOptions(busyTimeoutMilliseconds: 20))
                }
                #expect(code == .locked)
                try db.execute(sql: "COMMIT")
            }
        }
    }
}
