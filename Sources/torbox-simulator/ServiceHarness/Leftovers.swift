import Foundation

/// What a service that ended in order must not leave in its data directory.
package enum Leftovers {
    /// Shared by all workers: when two of them close it in the same instant, neither is the last, and SQLite folds the
    /// journal in at the next start.
    private static let registry = "master.db"

    /// Journals of user files that were not folded back in, and locks that somebody still holds; empty when all is well.
    package static func problems(in dataDirectory: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: dataDirectory)?.compactMap { $0 as? String } ?? []
        let journals = files.filter { ($0.hasSuffix("-wal") || $0.hasSuffix("-shm")) && !$0.hasPrefix(registry) }
            .map { "\($0) was left behind" }
        return journals + files.filter { $0.hasSuffix(".lock") }.compactMap { lockProblem("\(dataDirectory)/\($0)") }
    }

    /// The kernel lists every lock with the inode it is on.
    private static func lockProblem(_ path: String) -> String? {
        guard let inode = try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64,
            let table = FileManager.default.contents(atPath: "/proc/locks")
        else { return nil }  // A file that is gone is not locked.
        let isLocked = String(decoding: table, as: UTF8.self).contains(":\(inode) ")
        return isLocked ? "\(path) is still locked" : nil
    }
}
