/// How a user's file must differ from the stock file, row by row; everything that is not named here must be the same.
package struct FileExpectation: Sendable, Equatable {
    package struct Cell: Sendable, Hashable {
        package var table: String
        package var row: Int64
        package var column: String

        package init(_ table: String, _ row: Int64, _ column: String) {
            self.table = table
            self.row = row
            self.column = column
        }
    }

    /// Rows by table that must be gone.
    package var removed: [String: Set<Int64>] = [:]
    /// What cells must hold, as SQLite quotes it; nil is anything.
    package var changed: [Cell: String?] = [:]
    /// New rows of the execution log, by rule.
    package var logged: [Int64: Int] = [:]
    /// Rules that must be off for a reason that has these words.
    package var switchedOff: [Int64: String] = [:]
    /// Kinds of findings that must be reported for the user, other than of rules.
    package var findings: Set<String> = []
    /// Kinds of findings by rule.
    package var ruleFindings: [Int64: Set<String>] = [:]
    /// Files that must be among the uploads here, relative to their root, with their content.
    package var uploads: [String: String] = [:]

    package init() {}

    package static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
