/// A request as it arrived.
struct IncomingCall: Sendable {
    var method: String
    var path: String
    var query: String
    var authorization: String?
    var userAgent: String?
    var contentType: String?
    var body: [UInt8]

    /// With a capital T TorBox's cache answers: seen to be minutes old.
    var asksForStaleList: Bool {
        // Looked for letter by letter first, because every call is asked and searching a text is dear.
        query.utf8.contains(UInt8(ascii: "T")) && query.contains("bypass_cache=True")
    }

    /// The key of a bearer token.
    var key: String? {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return nil }
        let key = authorization.dropFirst("bearer ".count)
        return key.isEmpty ? nil : String(key)
    }
}
