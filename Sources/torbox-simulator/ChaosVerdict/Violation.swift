/// A promise that was broken.
package struct Violation: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// An acknowledged write is not there.
        case lostWrite = "lost write"
        /// What the service shows cannot be read.
        case unreadable
        /// No enabled rule whose conditions held asked for it.
        case unaskedCall = "call that nobody asked for"
        /// Sent again after it had been acknowledged, or had taken effect.
        case doubleCall = "call sent twice"
        /// A call that no client of TorBox's may make.
        case forbiddenCall = "forbidden call"
        /// A row that nothing may touch is gone.
        case lostRow = "lost row"
        /// What an enabled rule asks for never happened.
        case leftUndone = "left undone"
        case notPolled = "user not polled"
        case leak
        /// A request failed although nothing was done to the service.
        case failedRequest = "failed request"
        /// A process ended by itself.
        case crash
        case badEnd = "bad end"
    }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    package var description: String { "\(kind.rawValue): \(text)" }
}
