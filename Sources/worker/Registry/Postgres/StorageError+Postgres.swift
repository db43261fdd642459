import Storage

/// Kept as the cause of errors that cost the connection: the server is away, or stopped in the middle.
struct ConnectionLost: Error {}

extension StorageError {
    /// The server gave no answer, or ended the connection.
    static func connectionLost(_ reason: String) -> StorageError {
        StorageError(.unreachable, reason, cause: ConnectionLost())
    }

    /// Whether the connection is gone, and not only this call.
    var isConnectionLost: Bool { cause is ConnectionLost }

    /// An error that the server answered with.
    ///
    /// - Parameters:
    ///   - state: SQLSTATE, five characters (PostgreSQL's manual, appendix A).
    ///   - message: the primary message, which holds no values.
    static func postgres(state: String, message: String) -> StorageError {
        let text = "\(message) (SQLSTATE \(state))"
        switch state {
        // Ended by an administrator, crashed, starting, or a standby that takes no writes: another connection may do better.
        case "57P01", "57P02", "57P03", "25006", "53300": return connectionLost(text)
        // A time-out of ours, a deadlock or a clash of transactions: again later.
        case "57014", "55P03", "40001", "40P01": return StorageError(.unreachable, text)
        case "53100": return StorageError(.diskFull, text, hint: "free disk space at the database server")
        default: break
        }
        switch state.prefix(2) {
        case "08": return connectionLost(text)
        case "23": return StorageError(.constraint, text)
        case "28", "3D":
            return StorageError(.cannotOpen, text, hint: "check user, password and database of DATABASE_URL")
        case "42":
            return StorageError(.other, text, hint: "check that the user of DATABASE_URL may use and create its tables")
        default: return StorageError(.other, text)
        }
    }

    /// The same error, saying what was attempted.
    func during(_ operation: String) -> StorageError {
        StorageError(code, "cannot \(operation): \(message)", hint: hint, cause: cause)
    }
}
