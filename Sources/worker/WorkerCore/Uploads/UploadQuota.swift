import DomainModel
import Registry

/// How much may be kept on disk for one user, and what goes first when it is too much. Pure.
struct UploadQuota: Sendable, Equatable {
    /// `UPLOAD_LIMIT_MAX_FILES`, of the limited tier.
    var files = 500
    /// `UPLOAD_LIMIT_MAX_STORAGE_MB`, in bytes.
    var bytes: Int64 = 100 << 20

    /// Something that may go.
    struct Candidate: Sendable, Equatable {
        var path: UploadPath
        var bytes: Int64
    }

    enum Decision: Equatable {
        /// There is room once these are gone.
        case room(evicting: [Candidate])
        /// Even without everything that may go there would be too much.
        case full
    }

    /// Makes room for one more file.
    ///
    /// - Parameter evictable: what is needed no more, that which goes first in front.
    func decide(
        adding size: Int64, files used: Int, bytes stored: Int64, evictable: [Candidate], tier: UploadBacklog.Tier
    ) -> Decision {
        guard tier == .limited else { return .room(evicting: []) }
        var (count, total) = (used, stored)
        var evicted: [Candidate] = []
        for candidate in evictable where count + 1 > files || total + size > bytes {
            count -= 1
            total -= candidate.bytes
            evicted.append(candidate)
        }
        return count + 1 > files || total + size > bytes ? .full : .room(evicting: evicted)
    }
}
