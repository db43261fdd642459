extension Problem {
    static let malformedRequest = Problem(400, "Malformed HTTP request", closesConnection: true)
    static let invalidKeyFormat = Problem(400, "Invalid API key format")
    static let keyRequired = Problem(400, "API key is required")
    static let apiKeyRequired = Problem(
        401, "API key required", detail: "Send your TorBox API key in the x-api-key header.")
    static let apiKeyOrIDRequired = Problem(
        401, "API key or authId required", detail: "Send your TorBox API key in the x-api-key header.")
    static let unauthorized = Problem(
        401, "Unauthorized", detail: "This route needs the header x-backend-service-secret.")
    static let foreignID = Problem(403, "authId does not match API key")
    static let invalidAuthID = Problem(400, "Invalid authId format", detail: "An authId is 64 lowercase hex digits.")
    static let adminNotConfigured = Problem(
        503, "Admin access not configured", message: "Set ADMIN_API_KEY on the server to open the admin routes.")
    static let adminKeyRequired = Problem(
        401, "Admin authentication required", message: "Send the administrator's key in the x-admin-key header.")
    static let invalidAdminKey = Problem(
        403, "Invalid admin key", message: "The key in the x-admin-key header is not the administrator's.")
    static let shareMissing = Problem(
        503, "A worker does not answer", detail: "Its users are missing from the answer; ask again.",
        retryAfterSeconds: 2)
    static let slowRequest = Problem(408, "Request not received in time", closesConnection: true)
    static let bodyTooLarge = Problem(413, "Request body too large", closesConnection: true)
    static let targetTooLong = Problem(414, "Request URL too long")
    static let tlsRequired = Problem(426, "TLS required")
    static let tooManyStreams = Problem(429, "Too many event streams", retryAfterSeconds: 10)
    static let timedOut = Problem(503, "Request timed out", retryAfterSeconds: 1)
    static let shuttingDown = Problem(503, "The backend is restarting", retryAfterSeconds: 1)
    static let initialising = Problem(503, "The backend is initialising", retryAfterSeconds: 2)
    static let busy = Problem(503, "The backend is busy", retryAfterSeconds: 1)
    static let busyReading = Problem(
        503, "The backend is busy", retryAfterSeconds: 1, closesConnection: true)
    static let workerUnavailable = Problem(
        503, "The service for this account is restarting",
        detail: "Nothing was changed; send the request again.", retryAfterSeconds: 2)
    static let outcomeUnknown = Problem(
        503, "The service for this account restarted during the request",
        detail: "Whether the change was made is unknown; look before sending it again.", retryAfterSeconds: 2)

    static func malformedJSON(_ why: String) -> Problem {
        Problem(400, "Malformed JSON in request body", detail: why)
    }

    static func endpointNotFound(_ path: String) -> Problem { Problem(404, "Endpoint not found", path: path) }
}
