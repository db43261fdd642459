import DomainModel
import Foundation
import ServiceSupport
import Storage

/// The files of `USER_DB_DIR`, for commands that go through all of them. All calls block.
struct UserFiles: Sendable {
    let directory: String

    func path(of user: UserID) -> String { "\(directory)/\(Self.name(of: user))" }

    static func name(of user: UserID) -> String { "user_\(user.hex).sqlite" }

    /// Nil for a name that is none of a user's file.
    static func user(ofFile name: String) -> UserID? {
        guard name.hasPrefix("user_"), name.hasSuffix(".sqlite") else { return nil }
        return UserID(name.dropFirst("user_".count).dropLast(".sqlite".count))
    }

    /// Users with a file, in order.
    func users() throws -> [UserID] {
        guard PrivateFiles.exists(directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).compactMap(Self.user(ofFile:)).sorted()
    }

    /// The one of these users whose id begins with the text: logs and errors show the first eight digits.
    static func find(_ text: String, among users: [UserID]) throws -> UserID {
        let found = text.utf8.count >= 8 ? users.filter { $0.hex.hasPrefix(text) } : []
        guard let user = found.first, found.count == 1 else {
            let reason = found.isEmpty ? "nobody's id begins with it" : "\(found.count) users' ids begin with it"
            throw StartFailure(
                ExitCode.configuration,
                "cannot tell who user \"\(text)\" is: \(reason); give 8 to 64 hex digits of the id")
        }
        return user
    }
}
