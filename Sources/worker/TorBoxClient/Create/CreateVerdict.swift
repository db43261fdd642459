import DomainModel

/// Concludes from the answer to a create what became of it. Pure. In doubt the fate is unknown, never "not done".
enum CreateVerdict {
    static func verdict(on answer: HTTPAnswer, of asset: AssetType, retryAfter: Duration?) -> CreateResult {
        let envelope = Envelope(answer.body)
        let code = envelope?.errorCode
        if answer.status == 429 || code.map(TorBoxCodes.rateLimits.contains) == true {
            return .limited(retryAfter: retryAfter, detail: envelope?.detail)
        }
        if (200..<300).contains(answer.status), let envelope, envelope.success == true, code == nil {
            return .created(created(envelope, asset))
        }
        if code == TorBoxCodes.duplicateItem { return .duplicate }
        if isBadKey(answer, code) { return .unauthorized(code: code ?? "HTTP_\(answer.status)") }
        if code == TorBoxCodes.cooldown {
            return .limited(retryAfter: envelope.flatMap(cooldown) ?? retryAfter, detail: envelope?.detail)
        }
        // Seen with a detail that says "queued": what a full account did with the download has to be looked up.
        let isDoubtful = code == TorBoxCodes.activeLimit
        if let code, envelope?.success != true, !isDoubtful, TorBoxCodes.certainRefusals.contains(code) {
            return .refused(code: code, detail: envelope?.detail)
        }
        return withoutTellingCode(answer, envelope)
    }

    private static func created(_ envelope: Envelope, _ asset: AssetType) -> CreatedDownload {
        let data = envelope.data
        return CreatedDownload(
            id: number(data?[idField(asset)]), queuedID: number(data?["queued_id"]),
            hash: data?["hash"]?.stringValue.flatMap { $0.isEmpty ? nil : $0.lowercased() },
            authID: data?["auth_id"]?.stringValue, wasCached: saysCached(envelope.detail))
    }

    private static func idField(_ asset: AssetType) -> String {
        switch asset {
        case .torrent: "torrent_id"
        case .usenet: "usenetdownload_id"
        case .webdl: "webdownload_id"
        }
    }

    /// A number, or a text of digits as in older samples.
    private static func number(_ value: JSONValue?) -> Int64? {
        let number = value?.integerValue ?? value?.stringValue.flatMap { Int64($0) }
        return number.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The word "cached" without a negation marks a hit. Only the budget that is counted hangs on it. Source:
    /// torbox-api 8.3.
    static func saysCached(_ detail: String?) -> Bool {
        guard let detail = detail?.lowercased(), detail.contains("cached") else { return false }
        return !["uncached", "not cached", "n't cached", "not been cached", "no cached", "non-cached"]
            .contains { detail.contains($0) }
    }

    private static func isBadKey(_ answer: HTTPAnswer, _ code: String?) -> Bool {
        switch answer.status {
        case 401: !answer.looksLikeHTML
        case 403: code.map(TorBoxCodes.authentication.contains) ?? false
        case ..<500: code.map(TorBoxCodes.plainlyBadKey.contains) ?? false
        default: false
        }
    }

    private static func cooldown(_ envelope: Envelope) -> Duration? {
        guard let end = time(envelope.data?["cooldown_until"]), let now = time(envelope.data?["current_time"]) else {
            return nil
        }
        return max(.seconds(1), .milliseconds(end.milliseconds(since: now)))
    }

    private static func time(_ value: JSONValue?) -> Timestamp? {
        value?.stringValue.flatMap { Timestamp(storedText: $0) }
    }

    private static func withoutTellingCode(_ answer: HTTPAnswer, _ envelope: Envelope?) -> CreateResult {
        let status = answer.status
        let words = envelope?.errorCode.map { " \($0)" } ?? ""
        let detail = envelope?.detail.map { ": \($0)" } ?? ""
        switch status {
        case 400..<500 where status != 408 && answer.looksLikeJSON && envelope?.errorCode == nil:
            return .refused(code: "HTTP_\(status)", detail: envelope?.detail)
        case 413: return .refused(code: "HTTP_413", detail: "the file is too large for TorBox")
        default:
            // A code says that TorBox itself is there, and has trouble with this one; AUTH_ERROR is trouble with all.
            let isOwnTrouble = envelope?.errorCode.map { !TorBoxCodes.authentication.contains($0) } ?? false
            let isOutage = !isOwnTrouble && AnswerReading.problem(answer, retryAfter: nil)?.countsAsOutage ?? false
            return .unknown(reason: "HTTP \(status)\(words)\(detail)", isOutage: isOutage)
        }
    }
}
