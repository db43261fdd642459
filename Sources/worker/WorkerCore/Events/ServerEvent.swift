/// What the frontend is told while it listens. The text is the payload of the event stream. Source: rest-api 2.1.
enum ServerEvent: String, Sendable, CaseIterable {
    /// A tag was renamed or deleted, or what is tagged changed.
    case tagsChanged = "tags_changed"
    case protectionChanged = "protection_changed"
    /// A poll saw downloads come, change or go.
    case changed
}
