import GRDB
import Storage
import Testing

/// The codes of real failures, made by SQLite itself.
@Suite struct StorageErrorTests {
    private func code(_ body: () throws -> Void) throws -> StorageError.Code {
        let error = try #require(throws: DatabaseError.self) { try body() }
        return StorageError(error, while: "test").code
    }

    @Test("a full disk") func full() throws {
        let queue = try DatabaseFile.openInMemory(kind: .registry)
        let code = try code {
            try queue.inDatabase { db in
                try db.execute(sql: "CREATE TABLE t (a)")
                try db.execute(sql: "PRAGMA max_page_count = 3")
                try db.execute(sql: "INSERT INTO t VALUES (zeroblob(100000))")
            }
        }
        #expect(code == .diskFull)
    }

    @Test("a disk without room for what SQLite keeps beside an open file, and one that fails otherwise")
    func inputOutput() {
        let codes = [ResultCode.SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_READ, .SQLITE_IOERR].map {
            StorageError(DatabaseError(resultCode: $0), while: "test").code
        }
        #expect(codes == [.diskFull, .inputOutput, .inputOutput])
    }

    @Test("a connection that may only read") func readOnly() throws {
        let queue = try DatabaseFile.openInMemory(kind: .registry)
        #expect(try code { try queue.read { try $0.execute(sql: "CREATE TABLE t (a)") } } == .readOnly)
    }

    @Test("a file held by somebody else") func locked() async throws {
        try await withTemporaryFolder { folder in
            let holder = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: .registry)
            let options = DatabaseOptions(busyTimeoutMilliseconds: 1)
            let other = try DatabaseFile.open(path: "\(folder)/a.sqlite", kind: .registry, options: options)
            let code = try holder.inDatabase { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                defer { try? db.execute(sql: "ROLLBACK") }  // The file goes anyway.
                return try self.code { try other.write { try $0.execute(sql: "CREATE TABLE t (a)") } }
            }
            #expect(code == .locked)
        }
    }

    @Test("a constraint, without the values that broke it") func constraint() throws {
        let queue = try DatabaseFile.openInMemory(kind: .registry)
        let error = try #require(throws: DatabaseError.self) {
            try queue.inDatabase { db in
                try db.execute(sql: "CREATE TABLE t (a TEXT UNIQUE)")
                for _ in 1...2 { try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: ["secret value"]) }
            }
        }
        let mapped = StorageError(error, while: "write the registry")
        #expect(mapped.code == .constraint)
        #expect(!"\(mapped) \(String(describing: mapped.cause))".contains("secret value"))
    }

    @Test("a storage error passes through unchanged") func passes() {
        let error: any Error = StorageError(.corrupt, "as it was")
        #expect(StorageError(error, while: "anything").message == "as it was")
    }

    @Test("what, why and how are in one line") func description() {
        #expect("\(StorageError(.other, "cannot do it: why", hint: "how"))" == "cannot do it: why; how")
        #expect("\(StorageError(.other, "cannot do it"))" == "cannot do it")
    }
}
