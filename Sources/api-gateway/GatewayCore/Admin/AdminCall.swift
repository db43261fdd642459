import DomainModel
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceSupport
import WireProtocol

/// One request of an administrator, with what is needed to answer it.
struct AdminCall: Sendable {
    var request: ClientRequest
    var context: GatewayContext
    var body: ByteBuffer
    var workers: WorkerClient
    var health: GatewayHealth
    var settings: GatewayConfiguration

    var query: QueryString { QueryString(request.uri.query) }

    // MARK: Asking

    /// The owner of the user that `:authId` names. Throws ``Problem`` 400 when it names none.
    func askOwner(_ operation: String, query names: [String], isRepeatable: Bool) async throws -> WorkerResponse {
        guard let user = UserID(pathParameter("authId") ?? "") else { throw Problem.invalidAuthID }
        var question = question(operation, query: names, body: body)
        question.parameters["filename"] = pathParameter("filename")
        return try await workers.call(question, for: user, isRepeatable: isRepeatable, deadline: context.deadline)
    }

    /// The first worker that answers; any can.
    func askAny(_ operation: String, query names: [String] = [], body: ByteBuffer = ByteBuffer()) async throws
        -> JSONValue
    {
        let answer = try await workers.askAny(question(operation, query: names, body: body), deadline: context.deadline)
        return try Self.document(answer)
    }

    /// The shares of all workers. Throws ``Problem`` 503 when one is missing: a sum without it would be wrong without saying
    /// so; and what a worker refuses.
    func gather(_ operation: String, query names: [String] = []) async throws -> [JSONValue] {
        let question = question(operation, query: names, body: body)
        return try await gather { _, _ in question }
    }

    /// The same with a question of its own for each worker.
    func gather(_ question: @escaping @Sendable (_ worker: Int, _ count: Int) -> WorkerRequest) async throws
        -> [JSONValue]
    {
        let answers = try await workers.askEach(question, deadline: context.deadline)
        guard !answers.isEmpty else { throw Problem.initialising }
        return try answers.map { answer in
            guard let answer else { throw Problem.shareMissing }
            return try Self.document(answer)
        }
    }

    /// Those of the workers that answer in time: for what is nice to know.
    func gatherSome(
        _ limit: Duration, _ question: @escaping @Sendable (_ worker: Int, _ count: Int) -> WorkerRequest?
    ) async -> [JSONValue] {
        let answers = await workers.askEach(question, within: limit)
        // A worker that refuses or talks nonsense counts as one that does not answer.
        return answers.compactMap { answer in answer.flatMap { try? Self.document($0) } }
    }

    func question(_ operation: String, query names: [String] = [], body: ByteBuffer = ByteBuffer()) -> WorkerRequest {
        let parameters = query.parameters
        var question = WorkerRequest(
            operation: operation, timeout: .zero, correlationID: context.correlationID, body: body)
        for name in names { question.parameters[name] = parameters[name] }
        return question
    }

    func pathParameter(_ name: String) -> String? { context.parameters.get(name).map { PercentEncoding.decode($0) } }

    // MARK: Answering

    func reply(_ members: [String: JSONValue], status: Int = 200) -> ClientResponse {
        let document = members.merging(["success": .bool(true)]) { given, _ in given }
        return JSONReply.make(JSONText.buffer(JSONValue.object(document)), status: status, to: request)
    }

    /// The JSON of an answer that says yes. Throws what a worker refuses as it is.
    static func document(_ answer: WorkerResponse) throws -> JSONValue {
        guard case .bytes(let body) = answer.body, let document = try? JSONValue(parsing: Array(body.readableBytesView))
        else { throw Problem.shareMissing }
        guard answer.status == 200 else {
            throw Problem(
                answer.status, document["error"]?.stringValue ?? "Worker refused",
                detail: document["detail"]?.stringValue, code: document["code"]?.stringValue,
                retryAfterSeconds: answer.retryAfterSeconds)
        }
        return document
    }
}
