/// A row that comes into being at a moment of a library's timeline.
struct LibraryBirth: Sendable {
    enum Content: Sendable {
        case row(RowTimeline)
        case queued(SimulatedQueueItem)
    }

    var second: Int
    var content: Content
}
