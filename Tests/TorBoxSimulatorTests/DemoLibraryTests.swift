import Testing

@testable import TorBoxSimulator

@Suite struct DemoLibraryTests {
    private static let base = SimulatedItem.defaultCreation
    private static let call = SimulatorCall(endpoint: .torrentList)

    private func account(period: Int = 300) -> SimulatedAccount {
        let settings = AccountSettings(library: .demo(DemoLibrary(period: period)))
        return SimulatedAccount(identity: AccountIdentity(key: "demo"), settings: settings, base: Self.base)
    }

    @Test("at every moment each role that rules look for is filled", arguments: [60, 300]) func roles(period: Int) {
        var account = account(period: period)
        for second in stride(from: Self.base, to: Self.base + 10 * period, by: 7) {
            account.advance(to: second)
            let torrents = account.items(.torrent, at: second)
            let after = "\(second - Self.base) s after the start"
            #expect(torrents.contains { $0.downloadState == "uploading" && $0.uploadSpeed > 0 }, "\(after)")
            #expect(torrents.contains { $0.downloadState == "stalled (no seeds)" }, "\(after)")
            #expect(torrents.contains { $0.downloadState == "completed" && $0.downloadPresent }, "\(after)")
            #expect(torrents.contains { $0.downloadState == "downloading" }, "\(after)")
            #expect(torrents.contains { $0.isPrivate }, "\(after)")
            #expect(!account.queue.isEmpty, "\(after)")
            let others = account.items(.usenet, at: second).count + account.items(.webDownload, at: second).count
            #expect((2...4).contains(others), "\(after)")
            #expect((10...20).contains(torrents.count + others + account.queue.count), "\(after)")
        }
    }

    @Test("within a minute ratios rise, progress rises and rows come") func visible() throws {
        var account = account()
        account.advance(to: Self.base)
        let before = account.items(.torrent, at: Self.base)
        account.advance(to: Self.base + 60)
        let after = account.items(.torrent, at: Self.base + 60)
        let seeding = try #require(before.first { $0.downloadState == "uploading" })
        let later = try #require(after.first { $0.id == seeding.id })
        #expect((later.ratio ?? 0) > (seeding.ratio ?? 0))
        #expect(Set(after.map(\.id)) != Set(before.map(\.id)))
    }

    @Test("what a rule deletes comes back under another id") func replaced() throws {
        var account = account()
        account.advance(to: Self.base)
        let stalled = account.items(.torrent, at: Self.base).filter { $0.downloadState == "stalled (no seeds)" }
        #expect(!stalled.isEmpty)
        for item in stalled { _ = account.apply(.delete(.torrent, item.id), at: Self.base, mode: .immediate) }
        #expect(!account.items(.torrent, at: Self.base).contains { $0.downloadState == "stalled (no seeds)" })
        let later = Self.base + 400
        account.advance(to: later)
        let new = try #require(account.items(.torrent, at: later).first { $0.downloadState == "stalled (no seeds)" })
        #expect(!stalled.map(\.id).contains(new.id))
    }

    @Test("queued rows move to the list by themselves, with their hash") func promotion() throws {
        var account = account()
        account.advance(to: Self.base)
        let hashes = Set(account.queue.map(\.hash))
        account.advance(to: Self.base + 600)
        let listed = Set(account.items(.torrent, at: Self.base + 600).map(\.hash))
        #expect(!hashes.isEmpty)
        #expect(!hashes.isDisjoint(with: listed))
    }
}
