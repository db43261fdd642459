package import DomainModel
package import NIOCore

/// A download to be added to an account.
package struct CreateCall: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        /// For torrents.
        case magnet(String)
        /// A .torrent or .nzb, with the name that TorBox shows until it knows better.
        case file(ByteBuffer, name: String)
        /// For usenet and web downloads.
        case link(String)
    }

    package var asset: AssetType
    package var source: Source
    /// What the download is to be called; nil leaves it to TorBox.
    package var name: String?
    /// For torrents: 1 as the account says, 2 seed, 3 don't; nil leaves it to TorBox.
    package var seed: Int?
    /// For torrents.
    package var allowsZip: Bool
    /// Into TorBox's queue although a slot may be free.
    package var asQueued: Bool
    /// Refused unless TorBox has it already.
    package var onlyIfCached: Bool
    /// For usenet and web downloads.
    package var password: String?

    package init(
        asset: AssetType, source: Source, name: String? = nil, seed: Int? = nil, allowsZip: Bool = true,
        asQueued: Bool = false, onlyIfCached: Bool = false, password: String? = nil
    ) {
        self.asset = asset
        self.source = source
        self.name = name
        self.seed = seed
        self.allowsZip = allowsZip
        self.asQueued = asQueued
        self.onlyIfCached = onlyIfCached
        self.password = password
    }
}
