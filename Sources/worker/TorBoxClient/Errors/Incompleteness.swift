/// Why an answer is no plain and whole statement about an account. An open set: switch with a default.
package struct Incompleteness: Hashable, Sendable, CustomStringConvertible {
    private enum Name: String {
        case notSuccessful, noData, notAList, kindNotFound, rowsWithoutID, unstable, tooLong
    }

    private let name: Name

    /// `success` is missing or false although the status says 200.
    package static let notSuccessful = Incompleteness(name: .notSuccessful)
    /// `data` is null or missing.
    package static let noData = Incompleteness(name: .noData)
    /// `data` is something else than what was asked for.
    package static let notAList = Incompleteness(name: .notAList)
    /// 404 ITEM_NOT_FOUND for the torrent list: seen for accounts without items, but no plain statement.
    package static let kindNotFound = Incompleteness(name: .kindNotFound)
    /// A row has no usable id, so what it stands for cannot be told.
    package static let rowsWithoutID = Incompleteness(name: .rowsWithoutID)
    /// The pages kept shifting while they were read.
    package static let unstable = Incompleteness(name: .unstable)
    /// More pages than any account can have.
    package static let tooLong = Incompleteness(name: .tooLong)

    package var description: String { name.rawValue }
}
