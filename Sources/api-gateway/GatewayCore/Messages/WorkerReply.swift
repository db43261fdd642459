import HTTPTypes
import Hummingbird
import NIOCore
import WireProtocol

/// Passes a worker's answer on as it is.
enum WorkerReply {
    static func response(_ answer: WorkerResponse, to request: ClientRequest) -> ClientResponse {
        var response: ClientResponse
        switch answer.body {
        case .bytes(let body):
            response = JSONReply.make(
                body, status: answer.status, contentType: answer.contentType, tag: answer.entityTag, to: request)
        case .stream(let parts):
            response = ClientResponse(
                status: .init(code: answer.status), headers: [.contentType: answer.contentType],
                body: ResponseBody(asyncSequence: parts))
        }
        if let name = answer.fileName { response.headers[.contentDisposition] = disposition(name) }
        if let seconds = answer.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    /// Printable ASCII only, in quotes: nothing in a name may end the header or the quoting.
    private static func disposition(_ name: String) -> String {
        let safe = String(
            name.unicodeScalars.map { scalar in
                let isPlain = (0x20...0x7E).contains(scalar.value) && !"\"\\/%".unicodeScalars.contains(scalar)
                return isPlain ? Character(scalar) : "_"
            })
        return "attachment; filename=\"\(safe)\""
    }
}
