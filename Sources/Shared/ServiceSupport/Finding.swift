/// What `doctor` found out about one thing.
package struct Finding: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        case ok
        /// Works, but not as it should.
        case warning
        /// Does not work, or data is in danger.
        case failed
        /// Could not be examined, because something before it failed or is not there.
        case skipped
    }

    /// A few words, always the same: `encryption key`.
    package var name: String
    package var state: State
    /// What was seen.
    package var detail: String
    /// What to do; nil when there is nothing to do.
    package var fix: String?

    package init(_ name: String, _ state: State, _ detail: String, fix: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.fix = fix
    }
}
