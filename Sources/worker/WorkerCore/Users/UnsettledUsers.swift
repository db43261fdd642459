import DomainModel
import Foundation
import Storage

/// Users of whom the registry does not know yet that they have rules to evaluate or uploads to make, because it was away then:
/// an empty file for each in `DATA_DIR/unsettled`. Whoever owns such a user next polls it at once, whatever the registry says.
struct UnsettledUsers: Sendable {
    private let directory: String

    init(dataDirectory: String) { directory = dataDirectory + "/unsettled" }

    /// On disk when it returns.
    func mark(_ user: UserID) async throws {
        try await Blocking.run { [directory] in
            try PrivateFiles.makeDirectory(directory)
            try PrivateFiles.write([], toNew: "\(directory)/\(user.hex)")
        }
    }

    func clear(_ user: UserID) async throws {
        try await Blocking.run { [directory] in _ = try PrivateFiles.remove("\(directory)/\(user.hex)") }
    }

    func users(in slots: ClosedRange<Slot>) async throws -> Set<UserID> {
        try await Blocking.run { [directory] in
            guard PrivateFiles.exists(directory) else { return [] }
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            return Set(names.compactMap { UserID($0) }.filter { slots.contains($0.slot) })
        }
    }
}
