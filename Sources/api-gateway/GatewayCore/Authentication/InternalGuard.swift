import HTTPTypes

/// Lets only the frontend's server side in, once a secret is shared with it.
struct InternalGuard: Sendable {
    var secret: ServiceSecret?

    func check(_ headers: HTTPFields) throws(Problem) {
        guard let secret else { return }
        guard let candidate = headers[.serviceSecret], secret.matches(candidate) else { throw .unauthorized }
    }
}
