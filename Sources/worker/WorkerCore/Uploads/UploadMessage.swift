/// The words that a waiting upload carries. The frontend hides exactly these five; source: REST contract, section 3.0.
enum UploadMessage {
    static let rateLimit = "Rate limit reached. Will retry automatically."
    static let uncachedLimit = "Uncached rate limit reached. Will retry automatically."
    static let unavailable = "TorBox API unavailable. Will retry automatically."
    static let connection = "TorBox create timed out or failed to connect. Will retry shortly."
    static let unsettled = "TorBox is still processing a queued upload. Will retry automatically."
}
