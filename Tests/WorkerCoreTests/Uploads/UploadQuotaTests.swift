import DomainModel
import Registry
import Testing

@testable import WorkerCore

@Suite struct UploadQuotaTests {
    private let quota = UploadQuota(files: 3, bytes: 1_000)

    private func candidates(_ sizes: Int64...) -> [UploadQuota.Candidate] {
        sizes.enumerated().map { index, size in
            UploadQuota.Candidate(
                path: UploadPath(user: .sample(1), asset: .torrent, name: "\(index).torrent", at: noon, suffix: 1),
                bytes: size)
        }
    }

    @Test("only as much goes as is needed, that which ended first in front")
    func evicts() {
        let old = candidates(100, 200, 300)
        #expect(quota.decide(adding: 10, files: 2, bytes: 500, evictable: old, tier: .limited) == .room(evicting: []))
        #expect(
            quota.decide(adding: 10, files: 3, bytes: 600, evictable: old, tier: .limited) == .room(evicting: [old[0]]))
        #expect(
            quota.decide(adding: 700, files: 3, bytes: 600, evictable: old, tier: .limited)
                == .room(evicting: Array(old.prefix(2))))
    }

    @Test("what waits is never pushed out, and the unlimited tier has no limit")
    func full() {
        #expect(quota.decide(adding: 1, files: 3, bytes: 30, evictable: [], tier: .limited) == .full)
        #expect(quota.decide(adding: 1_001, files: 0, bytes: 0, evictable: [], tier: .limited) == .full)
        #expect(
            quota.decide(adding: 5_000, files: 9, bytes: 9_000, evictable: [], tier: .unlimited) == .room(evicting: []))
    }
}
