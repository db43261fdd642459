import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A client for everything that wrk is not for.
enum HTTP {
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 64
        configuration.timeoutIntervalForRequest = 60
        return URLSession(configuration: configuration)
    }()

    static func send(
        _ method: String, _ url: String, key: String? = nil, body: String? = nil
    ) async throws -> (status: Int, body: Data) {
        guard let address = URL(string: url) else { throw ChildProgram.Failure(description: "\(url) is no address") }
        var request = URLRequest(url: address)
        request.httpMethod = method
        if let key { request.setValue(key, forHTTPHeaderField: "x-api-key") }
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "content-type")
            request.httpBody = Data(body.utf8)
        }
        let (data, response) = try await session.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
    }
}
