import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Observability

/// Which answer an error becomes. What nobody foresaw is a 500 to the client and one line in our log.
struct ProblemRenderer: Sendable {
    /// Hides what went wrong inside.
    var isProduction: Bool

    func response(for error: any Error, to request: Request, _ context: GatewayContext) -> Response {
        let operation = "\(request.method.rawValue) \(context.endpointPath ?? "-")"
        return Self.response(
            problem(for: error, url: request.uri.string, operation: operation, logger: context.requestLogger))
    }

    static func response(_ problem: Problem) -> Response {
        var headers: HTTPFields = [.contentType: JSONReply.contentType]
        if let seconds = problem.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if problem.closesConnection { headers[.connection] = "close" }
        return Response(
            status: .init(code: problem.status), headers: headers, body: ResponseBody(byteBuffer: problem.body))
    }

    func problem(for error: any Error, url: String, operation: String, logger: Logger) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as HTTPError where error.status == .notFound: .endpointNotFound(url)
        case let error as HTTPError where error.status.code < 500:
            Problem(error.status.code, error.body ?? error.status.reasonPhrase)
        case is HTTPParserError: .malformedRequest
        case is CancellationError: .shuttingDown
        default: unforeseen(error, operation, logger)
        }
    }

    private func unforeseen(_ error: any Error, _ operation: String, _ logger: Logger) -> Problem {
        logger.error("request failed", metadata: [LogKey.operation: "\(operation)", LogKey.error: "\(error)"])
        return Problem(500, isProduction ? "Internal server error" : String(describing: error))
    }
}
