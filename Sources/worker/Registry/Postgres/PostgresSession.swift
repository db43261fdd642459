import CPQ
import Glibc
import Storage

/// One connection to PostgreSQL, for one thread at a time. Every call blocks that thread, at the longest until ``deadline``.
final class PostgresSession {
    private let connection: OpaquePointer
    /// Names of prepared statements by their text.
    private var prepared: [String: String] = [:]
    /// When everything that is begun must have ended.
    var deadline: ContinuousClock.Instant
    /// Nothing can be done with it any more.
    private(set) var isBroken = false

    /// Connects, as libpq does it: several hosts, TLS, password files.
    init(_ settings: PostgresSettings, until deadline: ContinuousClock.Instant) throws {
        self.deadline = deadline
        if let obstacle = PostgresSettings.clientLibraryProblem {
            throw StorageError(.cannotOpen, "cannot load PostgreSQL's library: \(obstacle)", hint: "install libpq5")
        }
        // The address is expanded from "dbname"; what stands after it has the last word.
        let names = ["fallback_application_name", "dbname", "client_encoding", nil]
        let values = ["torbox-backend", settings.url, "UTF8", nil]
        let started = PostgresText.withPointers(names) { names in
            PostgresText.withPointers(values) { values in PQconnectStartParams(names, values, 1) }
        }
        guard let started else { throw StorageError(.other, "out of memory") }
        connection = started
        // The library prints notices to standard error otherwise.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        try finishConnecting()
        // A large statement must not block where no deadline reaches.
        PQsetnonblocking(connection, 1)
        try run(
            """
            SET statement_timeout = \(settings.statementTimeoutMilliseconds);
            SET lock_timeout = \(settings.lockTimeoutMilliseconds);
            SET idle_in_transaction_session_timeout = 60000
            """)
    }

    deinit { PQfinish(connection) }

    // MARK: Statements

    /// Runs one statement, prepared at its first use. Arguments are `$1`… in text form.
    @discardableResult
    func query(_ sql: String, _ arguments: [String?] = []) throws -> PostgresRows {
        let name = try prepare(sql)
        return try exchange {
            PostgresText.withPointers(arguments) {
                PQsendQueryPrepared(connection, name, Int32(arguments.count), $0, nil, nil, 0)
            }
        }
    }

    /// Runs statements without arguments, separated by semicolons.
    func run(_ script: String) throws { try exchange { PQsendQuery(connection, script) } }

    /// Runs `body` in one transaction: committed when it returns, undone when it throws.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try run("BEGIN")
        do {
            let value = try body()
            try run("COMMIT")
            return value
        } catch {
            // The first error is the one that matters; a connection that cannot even undo is given up.
            if !isBroken { do { try run("ROLLBACK") } catch { isBroken = true } }
            throw error
        }
    }

    /// Lifts the time-outs of the server for the rest of the transaction; our own deadline still holds.
    func takeTime() throws { try run("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0") }

    private func prepare(_ sql: String) throws -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        try exchange { PQsendPrepare(connection, name, sql, 0, nil) }
        prepared[sql] = name
        return name
    }

    // MARK: The socket

    private func finishConnecting() throws {
        var wanted = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            if wanted == PGRES_POLLING_FAILED { throw lost() }
            try wait(for: wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            wanted = PQconnectPoll(connection)
        }
    }

    /// Sends something and takes everything that comes back.
    @discardableResult
    private func exchange(_ send: () -> Int32) throws -> PostgresRows {
        guard send() == 1 else { throw lost() }
        try flush()
        var rows: PostgresRows?
        var failure: StorageError?
        while let result = try nextResult() {
            let status = PQresultStatus(result)
            if status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE {
                failure = failure ?? error(in: result)
                PQclear(result)
            } else {
                rows = PostgresRows(result)
            }
        }
        if let failure {
            if failure.isConnectionLost { isBroken = true }
            throw failure
        }
        guard let rows else { throw lost() }
        return rows
    }

    private func flush() throws {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                try wait(for: POLLIN | POLLOUT)
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func nextResult() throws -> OpaquePointer? {
        while PQisBusy(connection) != 0 {
            try wait(for: POLLIN)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection)
    }

    private func wait(for events: Int32) throws {
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else {
                isBroken = true
                throw StorageError.connectionLost("the database server did not answer in time")
            }
            // Rounded up, or the last millisecond would be spent turning.
            let result = poll(&descriptor, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
            if result > 0 { return }
            if result < 0 && errno != EINTR { throw lost() }
        }
    }

    // MARK: Errors

    private func lost() -> StorageError {
        isBroken = true
        let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        // Refused for who we are, not for being away: nothing gets better by waiting.
        if line.contains("authentication failed") || line.contains("does not exist") || line.contains("pg_hba.conf") {
            return StorageError(.cannotOpen, line, hint: "check user, password and database of DATABASE_URL")
        }
        return .connectionLost(line.isEmpty ? "the connection to the database server was lost" : line)
    }

    private func error(in result: OpaquePointer) -> StorageError {
        guard let state = field("C", of: result) else { return lost() }
        return .postgres(state: state, message: field("M", of: result) ?? "no details")
    }

    /// `C` is the SQLSTATE, `M` the primary message (postgres_ext.h, `PG_DIAG_…`).
    private func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }
}
