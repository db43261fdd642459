/// What was put right in a stock file, beyond adding what later versions added.
package struct StockRepairs: Sendable, Equatable {
    /// Rows removed because they said nothing: of what is gone, or twice the same. By table.
    package var removed: [String: Int] = [:]
    /// Archive rows of one download that differ in their hash, of which only the newest stays: download numbers.
    package var differingArchives: [String] = []
    /// Ids that were written as floating point and are whole numbers again.
    package var wholeIDs = 0
    /// Ids that are no numbers, left as they are. By table.
    package var textIDs: [String: [String]] = [:]
    /// Times brought to one spelling, the moment unchanged.
    package var respelledTimes = 0
    /// Times that cannot be read, left as they are. By table and column.
    package var unreadableTimes: [String: Int] = [:]
    /// Log rows of rules that are gone; they stay.
    package var logOfGoneRules = 0
}
