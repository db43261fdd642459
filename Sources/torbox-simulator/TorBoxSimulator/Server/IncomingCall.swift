/// A request as it arrived.
struct IncomingCall: Sendable {
    var method: String
    var path: String
    var query: String
    var authorization: String?
    var userAgent: String?
    var contentType: String?
    var body: [UInt8]

    /// The key of a bearer token.
    var key: String? {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return nil }
        let key = authorization.dropFirst("bearer ".count)
        return key.isEmpty ? nil : String(key)
    }
}
