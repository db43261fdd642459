import DomainModel
import Foundation
import ServiceSupport
import Storage

/// Every user's file: sound, of a known schema, of a registered user.
struct UserFileFindings: Sendable {
    let directory: String
    let users: Set<UserID>
    let progress: @Sendable (Int, Int) -> Void

    func findings() async -> [Finding] {
        let names: [String]
        do {
            guard PrivateFiles.exists(directory) else { return [Finding("user files", .ok, "none yet")] }
            names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            return [
                Finding(
                    "user files", .failed, "\(directory) cannot be read: \(error.localizedDescription)",
                    fix: "correct its owner and rights")
            ]
        }
        let files = names.compactMap { name in Self.owner(of: name).map { (name: name, user: $0) } }
        var damaged: [String] = []
        var pending = 0
        for (index, file) in files.enumerated() {
            switch await state(of: file.user, at: "\(directory)/\(file.name)") {
            case .success(let steps): pending += steps > 0 ? 1 : 0
            case .failure(let problem): damaged.append("\(file.user.short): \(problem.text)")
            }
            progress(index + 1, files.count)
        }
        return [integrity(damaged, of: files.count), schema(pending), strays(names, files.map(\.user))]
    }

    // MARK: - One file

    private struct Problem: Error { var text: String }

    /// How many migrations its next opening will apply.
    private func state(of user: UserID, at path: String) async -> Result<Int, Problem> {
        do {
            return .success(
                try await Blocking.run {
                    let examination = try DatabaseExamination(path: path, kind: .user(user))
                    if let problem = examination.problems.first { throw Problem(text: problem) }
                    return examination.pendingMigrations
                })
        } catch let problem as Problem {
            return .failure(problem)
        } catch {
            return .failure(Problem(text: "\(error)"))
        }
    }

    /// `user_<64 hex digits>.sqlite`
    static func owner(of name: String) -> UserID? {
        guard name.hasPrefix("user_"), name.hasSuffix(".sqlite") else { return nil }
        return UserID(name.dropFirst("user_".count).dropLast(".sqlite".count))
    }

    // MARK: - All of them

    private func integrity(_ damaged: [String], of count: Int) -> Finding {
        guard !damaged.isEmpty else { return Finding("user files", .ok, "\(count) files are sound") }
        let shown = damaged.prefix(WorkerDoctor.shown).joined(separator: "; ")
        return Finding(
            "user files", .failed, "\(damaged.count) of \(count) files cannot be used: \(shown)",
            fix: "restore the newest backup of each file (with the service stopped); others are not affected")
    }

    private func schema(_ pending: Int) -> Finding {
        guard pending > 0 else { return Finding("schema", .ok, "all files have this version's schema") }
        return Finding("schema", .ok, "\(pending) files are of an older version and migrate when they are next opened")
    }

    /// Files without a user stay from users that were removed; they may be wanted again.
    private func strays(_ names: [String], _ owners: [UserID]) -> Finding {
        let orphans = owners.filter { !users.contains($0) }
        let others = names.filter { name in
            let base = ["-wal", "-shm", "-journal"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
            return Self.owner(of: base ?? name) == nil
        }
        guard !orphans.isEmpty || !others.isEmpty else {
            return Finding("orphaned files", .ok, "every file belongs to a registered user")
        }
        let words = [
            orphans.isEmpty
                ? nil
                : "\(orphans.count) files of users who are not registered: "
                    + orphans.prefix(WorkerDoctor.shown).map(\.short).joined(separator: ", "),
            others.isEmpty
                ? nil
                : "\(others.count) files that are not ours: "
                    + others.prefix(WorkerDoctor.shown).joined(separator: ", "),
        ].compactMap(\.self)
        return Finding(
            "orphaned files", .warning, words.joined(separator: "; "),
            fix: "keep them for a user who may come back, or move them out of \(directory)")
    }
}
