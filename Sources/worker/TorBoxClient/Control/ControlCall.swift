package import DomainModel

/// One change to one download. What does not exist at TorBox (stopping a usenet download, starting a listed item)
/// is refused without a call.
package enum ControlCall: Sendable, Hashable {
    /// Ends seeding of a listed torrent.
    case stopSeeding(ItemKey)
    /// Removes the download from account and storage for good; listed or queued, of any kind.
    case delete(ItemKey)
    /// Starts a queued download now.
    case forceStart(ItemKey)
    /// Locks a listed download in TorBox's storage, or lets it go.
    case setAirlock(ItemKey, Bool)

    package var item: ItemKey {
        switch self {
        case .stopSeeding(let item), .delete(let item), .forceStart(let item), .setAirlock(let item, _): item
        }
    }
}
