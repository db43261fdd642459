import DomainModel
import HTTPTypes

/// Who a request to a user route is from: steps 1 to 4 of the REST contract, section 0.2. Whether that user is
/// registered and active (step 5) is for the worker to say.
struct CallerAuthentication: Sendable {
    /// Without a credential an authId counts only when this is off.
    var requiresAPIKey: Bool

    /// The body members that ``caller(headers:query:body:)`` looks at.
    static let bodyNames = ["apiKey", "authId"]

    func caller(headers: HTTPFields, query: QueryString, body: JSONMembers) throws(Problem) -> UserID {
        let declared = Self.declaredID(headers: headers, query: query, body: body)
        if let key = try Self.credential(headers: headers, body: body) {
            guard CredentialFormat.isAcceptable(key) else { throw .invalidKeyFormat }
            let owner = CredentialFormat.owner(of: key)
            guard declared == nil || declared == .text(owner.hex) else { throw .foreignID }
            return owner
        }
        guard !requiresAPIKey else { throw .apiKeyRequired }
        guard case .text(let text) = declared, let id = UserID(text) else { throw .apiKeyOrIDRequired }
        return id
    }

    /// Header `x-api-key`, else `Authorization` without `Bearer `, else body `apiKey`.
    static func credential(headers: HTTPFields, body: JSONMembers) throws(Problem) -> String? {
        if let key = headers.text(of: .apiKey), !key.isEmpty { return key }
        if let text = headers[.authorization], let key = withoutScheme(text) { return key }
        return try bodyKey(body)
    }

    /// Body `apiKey`; throws 400 when it is no text.
    static func bodyKey(_ body: JSONMembers) throws(Problem) -> String? {
        switch body["apiKey"] {
        case .text(let key): return key
        case .other: throw .invalidKeyFormat
        case .empty, nil: return nil
        }
    }

    private static func withoutScheme(_ authorization: String) -> String? {
        let scheme = "bearer "
        let key =
            authorization.lowercased().hasPrefix(scheme) ? String(authorization.dropFirst(scheme.count)) : authorization
        return key.isEmpty || key.lowercased() == "bearer" ? nil : key
    }

    /// Query `authId`, else body `authId`, else header `x-auth-id`.
    private static func declaredID(headers: HTTPFields, query: QueryString, body: JSONMembers) -> JSONMembers.Member? {
        if let text = query["authId"] { return .text(text) }
        if let member = body["authId"] { return member }
        guard let text = headers[.authID], !text.isEmpty else { return nil }
        return .text(text)
    }
}
