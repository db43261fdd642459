/// Why bytes could not be read as a TorBox answer. Nothing is known of the list then: it is neither empty nor whole.
package enum ItemDecodingError: Error, Sendable, Equatable {
    /// No bytes, or white space only.
    case empty
    /// Cut off, or no JSON at all (an error page, for example).
    case malformed
    case notUTF8
    /// Arrays or objects within each other beyond the reader's limit.
    case tooDeep
    /// Over 4 GiB.
    case tooLarge
    /// JSON, but no envelope.
    case notAnObject
    case outOfMemory
}
