import DomainModel
import Registry

extension Timestamp {
    /// 2026-08-20T10:00:00Z
    static let noon = Timestamp(milliseconds: 1_787_220_000_000)
}

extension UserID {
    /// An id in the slot that `prefix` names with its first two digits, zeros after the prefix.
    static func sample(_ prefix: String) -> UserID {
        guard let id = UserID(prefix + String(repeating: "0", count: 64 - prefix.utf8.count)) else {
            preconditionFailure("\(prefix) is no start of an id")
        }
        return id
    }
}

extension NewUser {
    static func sample(_ prefix: String, key: String = "00:11:22", name: String? = nil, at: Timestamp = .noon)
        -> NewUser
    {
        let id = UserID.sample(prefix)
        return NewUser(id: id, encryptedKey: key, keyName: name, databasePath: "/data/user_\(id.hex).sqlite", at: at)
    }
}

extension ClosedRange<Slot> {
    static let all = Slot(0)...Slot(255)
}
