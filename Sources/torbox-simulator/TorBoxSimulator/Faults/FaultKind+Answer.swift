extension FaultKind {
    /// The answer of a fault that replaces the endpoint's own; nil for the others.
    var replacementAnswer: Answer? {
        switch self {
        case .status(let status):
            return .edgePage(status)
        case .rateLimited(let seconds):
            var answer = Answer.text(429, "{\"detail\":\"300 per 1 minute\"}")
            if let seconds { answer.headers = [.init(name: "retry-after", value: String(seconds))] }
            return answer
        case .edgeRateLimited:
            return .text(429, "error code: 1015", contentType: "text/plain; charset=UTF-8")
        case .successFalse(let error):
            return .failure(200, error, "That did not work.")
        case .notFoundButSuccess:
            return .envelope(
                status: 404, success: true, error: "ITEM_NOT_FOUND", detail: "This user has no downloads of this kind.",
                data: nil)
        case .authError:
            return .failure(500, "AUTH_ERROR", "The API key could not be checked right now.")
        case .badToken: return .badToken
        case .raw(let status, let body, let contentType): return .text(status, body, contentType: contentType)
        default: return nil
        }
    }
}

extension Answer {
    /// What the edge sends when it cannot reach TorBox.
    static func edgePage(_ status: Int) -> Answer {
        .text(
            status, "<html><head><title>\(status)</title></head><body>edge</body></html>", contentType: "text/html")
    }
}
