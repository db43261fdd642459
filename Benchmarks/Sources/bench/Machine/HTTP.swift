import Foundation

/// A client for everything that wrk is not for: HTTP/1.1 with lengths that are announced, over connections that are kept.
/// Own code because it shares two cores with what it measures: URLSession takes 1.3 ms of them for a request, as much as
/// the service takes for many.
enum HTTP {
    static func send(
        _ method: String, _ url: String, key: String? = nil, body: String? = nil
    ) async throws -> (status: Int, body: Data) {
        guard let address = URLComponents(string: url), let host = address.host, let port = address.port else {
            throw ChildProgram.Failure(description: "\(url) is no address with a port")
        }
        let target = address.percentEncodedPath + (address.percentEncodedQuery.map { "?" + $0 } ?? "")
        var lines = ["\(method) \(target) HTTP/1.1", "host: \(host):\(port)"]
        if let key { lines.append("x-api-key: \(key)") }
        if let body { lines += ["content-type: application/json", "content-length: \(body.utf8.count)"] }
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await withCheckedThrowingContinuation { continuation in
            // Threads that may wait: the calls below block.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try exchange(request, host, port) })
            }
        }
    }

    private static func exchange(_ request: String, _ host: String, _ port: Int) throws -> (status: Int, body: Data) {
        if let kept = HTTPConnection.kept(host, port) {
            do { return try kept.exchange(request) } catch is HTTPConnection.EndedBeforeAnswer {
                // The server had closed it meanwhile.
            }
        }
        return try HTTPConnection(host, port).exchange(request)
    }
}
