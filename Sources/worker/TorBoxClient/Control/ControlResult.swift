/// What is known about a change after one attempt. The client never repeats a change by itself.
package enum ControlResult: Sendable, Equatable {
    /// TorBox says that it was done. Deletes of many items are accepted now and carried out later.
    case done
    /// TorBox says that there is no such item.
    case alreadyGone
    /// Certain not to have been done; asking again gives the same answer. `code` is TorBox's, `HTTP_<status>` where it
    /// gave none, or `UNSUPPORTED` for what was never sent.
    case refused(code: String, detail: String?)
    /// Certain not to have been done; worth another try after that time.
    case limited(retryAfter: Duration)
    /// Certain not to have been done: all slots for running downloads are taken.
    case activeLimit(detail: String?)
    /// May or may not have been done: read the item before anything else.
    case unknown(reason: String)
    /// Certain not to have reached TorBox.
    case notSent(reason: String)
    /// Certain not to have been done: the key is not accepted.
    case unauthorized(code: String)
}
