/// One row of the queue, which TorBox keeps apart from the lists and with ids of its own.
package struct SimulatedQueueItem: Sendable, Equatable {
    package var kind: AssetKind
    /// Its id within the queue; 0 lets the account choose the next free one.
    package var id: Int
    package var hash: String
    package var name: String?
    package var createdAt: Int
    package var nameOverride: String?
    /// A stored .torrent instead of a magnet.
    package var torrentFile: String?
    /// Keys whose value is replaced by this raw JSON.
    package var overrides: [String: String] = [:]
    /// Keys left out of the row.
    package var omittedKeys: Set<String> = []
    /// When TorBox starts it by itself, Unix seconds; nil means never.
    package var startsAt: Int?
    /// When a row made from it leaves the list by itself, seconds after the start; nil means never.
    package var livesFor: Int?

    package init(
        _ name: String, kind: AssetKind = .torrent, id: Int = 0, hash: String? = nil,
        createdAt: Int = SimulatedItem.defaultCreation
    ) {
        self.kind = kind
        self.id = id
        self.name = name
        self.hash = hash ?? SeededGenerator.hex(of: name, digits: kind == .torrent ? 40 : 32)
        self.createdAt = createdAt
    }
}
