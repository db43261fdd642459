/// What goes wrong. Seconds and milliseconds are real time unless the case says otherwise.
package enum FaultKind: Sendable, Equatable {
    // MARK: Answers instead of the endpoint's own; nothing is changed

    /// A page of HTML with this status, as the edge sends with 500, 502, 503.
    case status(Int)
    /// 429 with `{"detail": ...}` and the limit headers; `Retry-After` only when given.
    case rateLimited(retryAfterSeconds: Int?)
    /// 429 as plain text from the edge, `error code: 1015`.
    case edgeRateLimited
    /// 200 with `success: false`.
    case successFalse(error: String?)
    /// 404 with `success: true`, `ITEM_NOT_FOUND` and null data.
    case notFoundButSuccess
    /// 500 with `AUTH_ERROR`: an outage, not a bad key.
    case authError
    /// 403 with `BAD_TOKEN`, as after a rotated key.
    case badToken
    /// Any status, body and content type.
    case raw(status: Int, body: String, contentType: String)

    // MARK: The envelope of an answer that is otherwise right

    /// No `data` key.
    case missingData
    /// `data: null`.
    case nullData
    /// Every row with texts where numbers are due and the other way round; on other calls `data` is a text.
    case wrongTypes

    // MARK: The rows of a list

    case emptyList
    /// The newer half of the rows.
    case halfList
    /// Without these rows; without every third row when no id is given.
    case vanished(ids: [Int])
    /// Pages after the first start this many rows later (rows are missed), or earlier when negative (doubled).
    case shiftedPages(by: Int)
    /// Usenet and web downloads, and the queue, carry the ids of the torrent list.
    case duplicateIDs
    case withoutIDs
    case unknownState(String)

    // MARK: Delivery

    /// The answer comes this much later.
    case delay(milliseconds: Int)
    /// No answer until the connection goes. The effect is applied before when asked for.
    case hang(appliesEffect: Bool)
    /// The connection is closed after this part, 0 to 1, of the body.
    case cutBody(fraction: Double)
    /// The effect is applied, then the connection is closed without an answer.
    case answerLost
    /// The effect is applied, then the edge answers with a page of HTML and this status.
    case statusAfterEffect(Int)
    /// The right answer, with a `Retry-After` on it.
    case retryAfterOnSuccess(seconds: Int)

    // MARK: Effects

    /// Accepted at once, done after this many simulated seconds.
    case effectDelayed(seconds: Int)
    /// Accepted, never done.
    case effectDropped
}
