/// Rows to add or change, in JSON: `{"account":"key-1","kind":"torrent","rows":[{"name":"Harbour","ratio":2}]}`.
///
/// Rows are given as TorBox writes them, with any of its keys; a row without an id gets one.
struct RowsRequest: Decodable {
    var account: String
    var kind: AssetKind?
    var rows: [[String: JSONValue]]?
    /// The row to change, by `set` and `omit`.
    var id: Int?
    var set: [String: JSONValue]?
    var omit: [String]?
}
