import NIOCore
import WireProtocol

/// The answers that handlers give, in the forms of the REST contract.
enum Reply {
    /// `{"success":true, …}`.
    static func success(capacity: Int = 512, _ members: (inout JSONWriter) -> Void = { _ in }) -> Response {
        var json = JSONWriter(capacity: capacity)
        json.object {
            $0.member("success", true)
            members(&$0)
        }
        return Response(status: 200, body: .bytes(json.buffer))
    }

    /// A document that is no success/error envelope.
    static func document(_ members: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(members)
        return Response(status: 200, body: .bytes(json.buffer))
    }

    /// `{"success":true,"message":…,"data":{"deleted":n,"requested":m}}`.
    static func deleted(_ count: Int, of requested: Int, _ message: String) -> Response {
        success { json in
            json.member("message", message)
            json.member(
                "data",
                object: {
                    $0.member("deleted", count)
                    $0.member("requested", requested)
                })
        }
    }

    /// `{"success":false,"error":…,"detail":…,"code":…}`.
    static func failure(
        _ status: Int, _ error: String, detail: String? = nil, code: String? = nil, retryAfterSeconds: Int? = nil,
        blockedIDs: [String]? = nil
    ) -> Response {
        var json = JSONWriter()
        json.object {
            $0.member("success", false)
            $0.member("error", error)
            if let detail { $0.member("detail", detail) }
            if let code { $0.member("code", code) }
            if let blockedIDs { $0.member("blocked_ids", array: { list in blockedIDs.forEach { list.value($0) } }) }
        }
        return Response(status: status, code: code, retryAfterSeconds: retryAfterSeconds, body: .bytes(json.buffer))
    }
}

/// A refusal that a handler throws from the depth; the router turns it into a ``Reply/failure(_:_:detail:code:retryAfterSeconds:blockedIDs:)``.
struct Refusal: Error {
    var status: Int
    var error: String
    var detail: String?
    var code: String?
    var retryAfterSeconds: Int?

    init(
        _ status: Int, _ error: String, detail: String? = nil, code: String? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.error = error
        self.detail = detail
        self.code = code
        self.retryAfterSeconds = retryAfterSeconds
    }

    var response: Response {
        Reply.failure(status, error, detail: detail, code: code, retryAfterSeconds: retryAfterSeconds)
    }
}
