import DomainModel
import RuleEngine
import Synchronization
import UserStore

/// Compiled rules, so that a poll of unchanged rules does not read their JSON again.
final class ProgramCache: Sendable {
    private struct Key: Hashable {
        var user: UserID
        var rule: RuleID
        var revision: Int64
    }
    private let programs = Mutex<[Key: RuleProgram]>([:])
    private let limit: Int

    /// - Parameter limit: programs kept; over it all are dropped and made again as needed.
    init(limit: Int = 20_000) { self.limit = limit }

    func program(for row: RuleRow, of user: UserID) -> RuleProgram {
        let key = Key(user: user, rule: row.id, revision: row.revision)
        if let known = programs.withLock({ $0[key] }), known.isEnabled == row.isEnabled { return known }
        let program = RuleProgram(RuleJSONForm.stored(row))
        programs.withLock {
            if $0.count >= limit { $0.removeAll() }
            $0[key] = program
        }
        return program
    }
}
