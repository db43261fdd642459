import HTTPTypes

/// One route that a worker serves, as a line of a table.
struct Route: Sendable {
    /// Who may come in.
    enum Access: Sendable {
        /// Users with their key; the request goes to the user's worker.
        case user
        /// The frontend's server side; the request registers the key that it carries.
        case registration(key: KeySource)
    }

    /// Where the key of a registration is.
    enum KeySource: Sendable { case body, headerOrBody }

    /// In what form the worker answers.
    enum Answer: Sendable {
        case document
        /// Server-sent events, for as long as the client listens.
        case eventStream
    }

    /// Which counter a request goes to besides the address limiter.
    enum Limiter: Sendable { case none, user, upload }

    var method: HTTPRequest.Method
    /// With `:name` for path parameters.
    let path: String
    /// What the worker is asked, see `WireProtocol.Operation`.
    var operation: String
    /// Query parameters that the worker gets; all path parameters it gets anyway.
    var query: [String]
    var access: Access
    var limiter: Limiter
    /// Doing it twice is as good as doing it once, so it is sent again when a worker dies over it.
    var isRepeatable: Bool
    var answer: Answer
    /// The names of the path parameters.
    let pathParameters: [String]

    init(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, query: [String] = [],
        access: Access = .user, limiter: Limiter = .user, isRepeatable: Bool? = nil,
        answer: Answer = .document
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.query = query
        self.access = access
        self.limiter = limiter
        self.isRepeatable = isRepeatable ?? (method == .get)
        self.answer = answer
        pathParameters = path.split(separator: "/").filter { $0.first == ":" }.map { String($0.dropFirst()) }
    }
}
