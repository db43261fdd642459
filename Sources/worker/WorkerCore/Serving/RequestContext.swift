import DomainModel
import Logging
import NIOCore
import Observability
import WireProtocol

/// One request on its way through a handler: who asks, with what.
struct RequestContext: Sendable {
    var request: Request
    var user: UserID
    /// The worker's, which knows neither request nor user.
    var plainLogger: Logger

    init(request: Request, user: UserID, logger: Logger) {
        self.request = request
        self.user = user
        plainLogger = logger
    }

    /// Says in each line which request it is about, and whose. Made when something is logged, which is seldom.
    var logger: Logger {
        var logger = plainLogger
        logger[metadataKey: LogKey.requestID] = "\(request.correlationID)"
        logger[metadataKey: LogKey.userID] = "\(user.short)"
        return logger
    }

    /// The id of the key that the gateway was led here from; nil when it is the user's own.
    var movedFrom: UserID? { request.parameters[Request.movedFromParameter].flatMap { UserID($0) } }

    /// The body as any JSON. An empty body counts as an empty object; broken JSON is refused with 400.
    func json() throws -> JSONValue {
        guard request.body.readableBytes > 0 else { return .object([:]) }
        do {
            return try JSONValue(parsing: Array(request.body.readableBytesView))
        } catch {
            throw Refusal(400, "Malformed JSON", detail: "The request body is not valid JSON.")
        }
    }

    /// The body as a JSON object, else 400.
    func jsonObject() throws -> [String: JSONValue] {
        guard let members = try json().objectValue else {
            throw Refusal(400, "Malformed JSON", detail: "The request body must be a JSON object.")
        }
        return members
    }

    /// The path id. Leading digits suffice (`12abc` is 12), as clients of stock may rely on.
    func pathID() throws -> Int64 {
        let digits = (request.parameters["id"] ?? "").prefix { $0.isASCII && $0.isNumber }
        guard let id = Int64(digits), id > 0 else {
            throw Refusal(400, "Invalid id. Must be a positive integer.")
        }
        return id
    }

    /// A whole number from the query, clamped into `range`; absent or not a number counts as `fallback`.
    func queryNumber(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = request.parameters[name], let number = Int(text) else { return fallback }
        return min(max(number, range.lowerBound), range.upperBound)
    }
}
