import Testing
import TorBoxSimulator

/// The exchanges of one resource, in the order in which they are made.
struct ContractTable: Sendable, CustomTestStringConvertible {
    var name: String
    /// What TorBox has for the user.
    var library: [SimulatedItem] = []
    /// Settings of the service besides the usual ones.
    var settings: [String: String] = [:]
    var exchanges: [Exchange]

    var testDescription: String { name }

    /// Every resource has its table in a file of its own.
    static let all = [keys, status, rules, parked, archive, tags, views, links, protection, uploads, admin]
}
