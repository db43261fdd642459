/// What stands for an account in place of its key, which nothing here prints.
package struct AccountIdentity: Sendable, Hashable {
    /// Eight hex digits, for logs and queries.
    package let shortID: String
    /// The `auth_id` in rows: invented, of the form of a UUID.
    package let authID: String
    /// A number for seeding.
    let number: UInt64

    package init(key: String) {
        number = SeededGenerator.fingerprint(key)
        let hex = SeededGenerator.hex(of: key, digits: 32)
        shortID = String(hex.prefix(8))
        var groups: [Substring] = []
        var rest = Substring(hex)
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        authID = groups.joined(separator: "-")
    }
}
