import GRDB

/// Looks whether a file may take a user's file's place.
package enum BackupCheck {
    /// What is wrong with it; empty when it is a sound user database. Opens it read-only; blocks.
    package static func problems(at path: String) -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }  // It was only read.
            return try queue.read { db in
                guard try db.tableExists("automation_rules") else { return ["it is no user database"] }
                return try DatabaseIntegrity.problems(in: db)
            }
        } catch let error as DatabaseError {
            return [error.message ?? "it cannot be read"]
        } catch {
            return ["it cannot be read"]
        }
    }
}
