/// One forward-only step of a schema, as released.
package struct Migration: Sendable, Hashable {
    /// The family of files that a step is for. The raw value is stored and is the prefix of the file names.
    package enum Family: String, Sendable, Hashable, CaseIterable {
        case registry, postgres, user
    }

    package let family: Family
    /// Position within the family, from 1, without gaps.
    package let number: Int
    /// What it does, in snake case: the file name without family, number and extension.
    package let name: String
    /// The statements, separated by semicolons. They run in one transaction with foreign keys on.
    package let sql: String
    /// FNV-1a, 64 bits, over the UTF-8 text, as 16 hex digits. Guards against edits by mistake, not by malice. Kept, because
    /// it is compared whenever a file is opened.
    package let checksum: String

    package init(family: Family, number: Int, name: String, sql: String) {
        self.family = family
        self.number = number
        self.name = name
        self.sql = sql
        checksum = Self.checksum(of: sql)
    }

    init(_ family: Family, _ number: Int, _ name: String, _ embedded: [UInt8]) {
        self.init(family: family, number: number, name: name, sql: String(decoding: embedded, as: UTF8.self))
    }

    /// `user_0002_free_execution_log.sql`
    package var fileName: String {
        let digits = String(number)
        return "\(family.rawValue)_\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)_\(name).sql"
    }

    private static func checksum(of sql: String) -> String {
        let hash = sql.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
