/// Concludes from the answer to a change what became of it. Pure. In doubt the fate is unknown, never "not done".
enum ControlVerdict {
    static func verdict(on answer: HTTPAnswer, to call: ControlCall, retryAfter: Duration) -> ControlResult {
        let envelope = Envelope(answer.body)
        let code = envelope?.errorCode
        if answer.status == 429 || code.map(TorBoxCodes.rateLimits.contains) == true {
            return .limited(retryAfter: retryAfter)
        }
        if (200..<300).contains(answer.status), envelope?.success == true { return .done }
        if let envelope, isItemGone(envelope, status: answer.status) { return .alreadyGone }
        if isBadKey(answer, code) { return .unauthorized(code: code ?? "HTTP_\(answer.status)") }
        if let envelope, envelope.success != true, isActiveLimit(envelope, call) {
            return .activeLimit(detail: envelope.detail)
        }
        if let code, envelope?.success != true, TorBoxCodes.certainRefusals.contains(code) {
            return .refused(code: code, detail: envelope?.detail)
        }
        return withoutTellingCode(answer, envelope)
    }

    /// Seen with `success` true as well as false. A 404 without an envelope is some other server's word.
    private static func isItemGone(_ envelope: Envelope, status: Int) -> Bool {
        if envelope.errorCode == TorBoxCodes.itemNotFound { return status < 500 || envelope.success == false }
        return status == 404 && envelope.errorCode == nil && envelope.success == false
    }

    private static func isBadKey(_ answer: HTTPAnswer, _ code: String?) -> Bool {
        switch answer.status {
        case 401: !answer.looksLikeHTML
        case 403: code.map(TorBoxCodes.authentication.contains) ?? false
        case ..<500: code.map(TorBoxCodes.plainlyBadKey.contains) ?? false
        default: false
        }
    }

    private static func isActiveLimit(_ envelope: Envelope, _ call: ControlCall) -> Bool {
        if envelope.errorCode == TorBoxCodes.activeLimit { return true }
        guard case .forceStart = call else { return false }
        return TorBoxCodes.soundsLikeActiveLimit(envelope.detail)
    }

    private static func withoutTellingCode(_ answer: HTTPAnswer, _ envelope: Envelope?) -> ControlResult {
        let status = answer.status
        switch status {
        case 400..<500 where status != 408 && envelope?.errorCode == nil && envelope?.success != true:
            return .refused(code: "HTTP_\(status)", detail: envelope?.detail)
        case 200..<300:
            return .unknown(reason: "answered without plain success" + (envelope?.errorCode.map { ": \($0)" } ?? ""))
        default:
            return .unknown(reason: "HTTP \(status)" + (envelope?.errorCode.map { " \($0)" } ?? ""))
        }
    }
}
