import NIOHTTP1

/// Tells answers that say something about the question from those that say something about TorBox, the key, the plan
/// or the pace. Pure.
enum AnswerReading {
    /// Nil when the status is 2xx and the body a JSON object, which the call itself then has to read.
    static func problem(_ answer: HTTPAnswer, retryAfter: Duration?) -> TorBoxError? {
        if (200..<300).contains(answer.status) { return problemOfSuccess(answer) }
        let envelope = Envelope(answer.body)
        if answer.status == 429 || isRateLimit(envelope) {
            return error(.rateLimited, "TorBox asks to slow down", answer, envelope, retryAfter: retryAfter)
        }
        switch answer.status {
        case 500...: return problemOfServer(answer, envelope)
        case 300..<400: return error(.malformed, "TorBox answered with a redirect", answer, envelope)
        case 408: return error(.timeout, "TorBox gave up waiting for the request", answer, envelope)
        default: return problemOfRefusal(answer, envelope)
        }
    }

    /// What a body in the shape of an envelope refuses, for an answer whose status says nothing of it.
    static func refusal(errorCode: String?, detail: String?, status: Int) -> TorBoxError {
        let code: TorBoxErrorCode =
            switch errorCode {
            case let text? where TorBoxCodes.plainlyBadKey.contains(text): .unauthorized
            case let text? where TorBoxCodes.rateLimits.contains(text): .rateLimited
            case TorBoxCodes.planRestricted: .planRestricted
            default: .refused
            }
        return TorBoxError(code, "TorBox refused", status: status, torboxCode: errorCode, detail: detail)
    }

    private static func problemOfSuccess(_ answer: HTTPAnswer) -> TorBoxError? {
        if answer.looksLikeObject { return nil }
        guard answer.looksLikeJSON else {
            return error(.outage, "the answer is no JSON, as from an edge in trouble", answer, nil)
        }
        return error(.malformed, "the answer is no JSON object", answer, nil)
    }

    private static func problemOfServer(_ answer: HTTPAnswer, _ envelope: Envelope?) -> TorBoxError {
        let isBusiness =
            envelope?.errorCode.map(TorBoxCodes.certainRefusals.contains) ?? false
            || TorBoxCodes.soundsLikeBusiness(envelope?.detail)
        guard isBusiness else { return error(.outage, "TorBox is in trouble", answer, envelope) }
        return error(.refused, "TorBox refused", answer, envelope)
    }

    private static func problemOfRefusal(_ answer: HTTPAnswer, _ envelope: Envelope?) -> TorBoxError {
        let code = envelope?.errorCode
        if code == TorBoxCodes.planRestricted {
            return error(.planRestricted, "the plan does not include this call", answer, envelope)
        }
        let isBadKey =
            switch answer.status {
            case 401: !answer.looksLikeHTML
            case 403: code.map(TorBoxCodes.authentication.contains) ?? false
            default: code.map(TorBoxCodes.plainlyBadKey.contains) ?? false
            }
        if isBadKey { return error(.unauthorized, "TorBox does not accept the key", answer, envelope) }
        guard answer.looksLikeJSON else {
            return error(.outage, "refused by something in front of TorBox", answer, nil)
        }
        return error(.refused, "TorBox refused", answer, envelope)
    }

    private static func isRateLimit(_ envelope: Envelope?) -> Bool {
        envelope?.errorCode.map(TorBoxCodes.rateLimits.contains) ?? false
    }

    private static func error(
        _ code: TorBoxErrorCode, _ message: String, _ answer: HTTPAnswer, _ envelope: Envelope?,
        retryAfter: Duration? = nil
    ) -> TorBoxError {
        TorBoxError(
            code, message, status: answer.status, torboxCode: envelope?.errorCode, detail: envelope?.detail,
            retryAfter: retryAfter)
    }
}
