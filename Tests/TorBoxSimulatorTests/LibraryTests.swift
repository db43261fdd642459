import Testing

@testable import TorBoxSimulator

@Suite struct LibraryTests {
    private static let base = SimulatedItem.defaultCreation

    private func account(
        _ library: SimulatedLibrary, seed: UInt64 = 1, key: String = "k", at second: Int = base
    ) -> SimulatedAccount {
        let settings = AccountSettings(library: library, seed: seed)
        var account = SimulatedAccount(identity: AccountIdentity(key: key), settings: settings, base: Self.base)
        account.advance(to: second)
        return account
    }

    private func lively(_ count: Int) -> SimulatedLibrary {
        var make = GeneratedLibrary(torrents: count, usenet: count / 4, webDownloads: count / 8, queued: 3)
        make.arrivalFraction = 0.2
        make.removalFraction = 0.2
        make.oddFraction = 0.1
        return .generated(make)
    }

    private func page(_ account: inout SimulatedAccount, at second: Int) -> [UInt8] {
        account.answer(SimulatorCall(endpoint: .torrentList), faults: CallFaults(), at: second).body
    }

    @Test("the same seed, key and second give the same bytes, whatever was asked in between") func deterministic() {
        var direct = account(lively(80))
        var stepwise = account(lively(80))
        for hour in 1...40 { _ = page(&stepwise, at: Self.base + hour * 3_600) }
        let end = Self.base + 40 * 3_600
        #expect(page(&direct, at: end) == page(&stepwise, at: end))
        #expect(direct.items(.usenet, at: end) == stepwise.items(.usenet, at: end))
        #expect(direct.queue == stepwise.queue)
    }

    @Test("another seed or another key gives another library") func different() {
        let hashes = account(lively(20)).items(.torrent, at: Self.base).map(\.hash)
        #expect(account(lively(20), seed: 2).items(.torrent, at: Self.base).map(\.hash) != hashes)
        #expect(account(lively(20), key: "l").items(.torrent, at: Self.base).map(\.hash) != hashes)
    }

    @Test("the same effects at the same seconds give the same library") func effects() {
        func played() -> [UInt8] {
            var account = account(lively(40))
            for (hour, item) in account.items(.torrent, at: Self.base).prefix(6).enumerated() {
                let second = Self.base + hour * 3_600
                account.advance(to: second)
                let effect: AccountEffect =
                    [.delete(.torrent, item.id), .stopSeeding(item.id), .pause(.torrent, item.id)][hour % 3]
                _ = account.apply(effect, at: second, mode: .immediate)
            }
            if let queued = account.queue.first {
                _ = account.apply(.startQueued(queued.id), at: Self.base + 30_000, mode: .immediate)
            }
            return page(&account, at: Self.base + 40_000)
        }
        #expect(played() == played())
    }

    @Test("progress and totals never go down while a library evolves") func monotonic() {
        var library = GeneratedLibrary(torrents: 150)
        library.spreadDays = 1
        var account = account(.generated(library))
        var last: [Int: SimulatedItem] = [:]
        var grew = 0
        for step in 0..<60 {
            let second = Self.base + step * 911
            account.advance(to: second)
            for item in account.items(.torrent, at: second) {
                if let before = last[item.id] {
                    #expect(item.progress >= before.progress)
                    #expect(item.totalDownloaded >= before.totalDownloaded)
                    #expect(item.totalUploaded >= before.totalUploaded)
                    #expect(!before.downloadFinished || item.downloadFinished)
                    #expect(item.hash == before.hash)
                    if item.totalDownloaded + item.totalUploaded > before.totalDownloaded + before.totalUploaded {
                        grew += 1
                    }
                }
                last[item.id] = item
            }
        }
        #expect(last.count == 150)
        #expect(grew > 150)
    }

    @Test("a generated library has rows of many states") func variety() {
        let states = Set(account(.generated(size: 400)).items(.torrent, at: Self.base).compactMap(\.downloadState))
        #expect(states.isSuperset(of: ["cached", "completed", "stalled (no seeds)", "metaDL", "error", "uploading"]))
    }

    @Test("rows arrive and leave by themselves, and ids are never used twice") func arrivals() {
        var account = account(lively(100))
        var seen: Set<Int> = []
        var counts: Set<Int> = []
        for day in 0...20 {
            let second = Self.base + day * 86_400
            account.advance(to: second)
            let ids = account.items(.torrent, at: second).map(\.id)
            #expect(Set(ids).count == ids.count)
            seen.formUnion(ids)
            counts.insert(ids.count)
        }
        #expect(seen.count > 80)
        #expect(seen.count <= 100)
        #expect(counts.count > 2)
    }

    @Test("a page is written once a second, and again after an effect") func cache() {
        var account = account(.generated(size: 30))
        let first = page(&account, at: Self.base)
        #expect(page(&account, at: Self.base) == first)
        let id = account.items(.torrent, at: Self.base)[0].id
        _ = account.apply(.delete(.torrent, id), at: Self.base, mode: .immediate)
        #expect(page(&account, at: Self.base) != first)
        #expect(page(&account, at: Self.base + 1) != page(&account, at: Self.base))
    }
}
