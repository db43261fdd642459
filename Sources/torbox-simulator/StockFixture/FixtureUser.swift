/// A user of a fixture, and what must become of them.
package struct FixtureUser: Sendable {
    package enum Fate: Sendable, Equatable {
        /// Registered, with the file if there was one.
        case adopted
        /// Only the file is taken in.
        case fileOnly
        /// Left out; the kind of finding that says why.
        case refused(String)
        /// Nothing was there to take in.
        case nothing
    }

    package var number: Int
    package var oddity: StockOddity
    package var apiKey: String
    /// As the stock backend knows the user.
    package var stockID: String
    /// As the user must be known afterwards.
    package var id: String
    package var fate = Fate.adopted
    package var isActive = true
    /// The file's path in the stock directory; nil when there is none.
    package var file: String?
    package var expectation = FileExpectation()

    package init(number: Int, oddity: StockOddity, apiKey: String, stockID: String, id: String) {
        self.number = number
        self.oddity = oddity
        self.apiKey = apiKey
        self.stockID = stockID
        self.id = id
    }
}
