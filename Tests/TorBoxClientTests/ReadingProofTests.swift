import DomainModel
import ItemDecoding
import Synchronization
import Testing

@testable import TorBoxClient

@Suite struct ReadingProofTests {
    /// What a server has now, and how many rows it gives on a page.
    private final class Account: Sendable {
        struct Content {
            var listed = Array(1...50)
            var queued = [7, 8]
            var cap = 1_000
        }
        let content = Mutex(Content())

        func change(_ body: (inout Content) -> Void) { content.withLock { body(&$0) } }

        func answer(_ request: ReceivedRequest) -> ScriptedAnswer {
            let content = content.withLock { $0 }
            let ids = request.path.hasSuffix("getqueued") ? content.queued : content.listed
            let offset = request.query("offset").flatMap { Int($0) } ?? 0
            return .reply(200, success(rows(ids.dropFirst(offset).prefix(content.cap))))
        }
    }

    /// Reads twice, with a change in between; gives the calls and the keys of the second reading.
    private func second(
        relying: Bool = true, _ change: (inout Account.Content) -> Void = { _ in }
    ) async throws -> (calls: Int, keys: Set<String>) {
        let content = Account()
        let account = try TorBoxAccount.fixture()
        var result = (calls: 0, keys: Set<String>())
        try await withClient(script: { content.answer($0) }) { client, server in
            _ = try await client.snapshot(of: [.torrent], for: account, relyingOnLast: true)
            // The queue, the list, what may follow 50 rows, the queue.
            #expect(server.requests.count == 4)
            content.change(change)
            let snapshot = try await client.snapshot(of: [.torrent], for: account, relyingOnLast: relying)
            result = (server.requests.count - 4, Set(snapshot.items.map(\.key.description)))
        }
        return result
    }

    private static func keys(_ listed: some Sequence<Int>, queued: [Int]) -> Set<String> {
        Set(listed.map { "torrent:\($0)" } + queued.map { "torrent:queued:\($0)" })
    }

    @Test("an unchanged library is read with one call for each list, and comes whole")
    func unchanged() async throws {
        let reading = try await second()
        #expect(reading.calls == 2)
        #expect(reading.keys == Self.keys(1...50, queued: [7, 8]))
    }

    @Test("whoever does not rely on the last reading has everything proven")
    func fresh() async throws {
        #expect(try await second(relying: false).calls == 4)
    }

    @Test("a changed list is read to its end, and the queue again")
    func changedList() async throws {
        let reading = try await second { $0.listed = [99] + Array(1...49) }
        #expect(reading.calls == 4)
        #expect(reading.keys == Self.keys([99] + Array(1...49), queued: [7, 8]))
    }

    @Test("rows in another order are no proof")
    func reordered() async throws {
        #expect(try await second { $0.listed.swapAt(3, 4) }.calls == 4)
    }

    @Test("a changed queue is read again, although the list is the same")
    func changedQueue() async throws {
        let reading = try await second { $0.queued = [8] }
        #expect(reading.calls == 4)
        #expect(reading.keys == Self.keys(1...50, queued: [8]))
    }

    @Test("a list that grew behind a cap is read to its end when new rows come first, as TorBox gives them")
    func capped() async throws {
        let reading = try await second {
            $0.cap = 50
            $0.listed = [99] + Array(1...50)
        }
        #expect(reading.keys == Self.keys([99] + Array(1...50), queued: [7, 8]))
    }

    @Test("new rows behind a cap are found when the proof is used up")
    func usedUp() async throws {
        let content = Account()
        let account = try TorBoxAccount.fixture()
        try await withClient(script: { content.answer($0) }) { client, server in
            _ = try await client.snapshot(of: [.torrent], for: account, relyingOnLast: true)
            content.change {
                $0.cap = 50
                $0.listed.append(51)
            }
            for _ in 1...ReadingProof.maximumUses {
                let snapshot = try await client.snapshot(of: [.torrent], for: account, relyingOnLast: true)
                #expect(snapshot.census.listed == 50)
            }
            let proven = try await client.snapshot(of: [.torrent], for: account, relyingOnLast: true)
            #expect(proven.census.listed == 51)
        }
    }

    /// Of a list of 50 and an empty queue.
    private func proof(at made: Duration) throws -> ReadingProof {
        var walk = PageWalk(pageSize: 50, overlap: 1)
        let page = (1...50).map { DownloadItem.fixture($0) }
        #expect(walk.take(ListPage(standing: .listed, items: page)) == .read(offset: 49))
        #expect(walk.take(ListPage(standing: .listed, items: [page[49]])) == .finished)
        var queue = PageWalk(pageSize: 50, overlap: 1)
        #expect(queue.take(ListPage(standing: .listed, items: [])) == .finished)
        return try #require(ReadingProof(list: walk, queue: queue, at: made))
    }

    @Test("a proof ends by its age, by a failed reading, and is each user's own")
    func book() throws {
        let proof = try proof(at: .seconds(5))
        let (user, other) = (try #require(UserID.fixture("a")), try #require(UserID.fixture("b")))
        let book = ProofBook()

        book.keep(proof, .torrent, of: user, at: .seconds(5))
        #expect(book.take(.torrent, of: other, at: .seconds(6)) == nil)
        #expect(book.take(.usenet, of: user, at: .seconds(6)) == nil)
        #expect(book.take(.torrent, of: user, at: .seconds(6)) == proof)
        #expect(book.take(.torrent, of: user, at: .seconds(6)) == nil)
        book.keep(proof, .torrent, of: user, at: .seconds(6))
        #expect(book.take(.torrent, of: user, at: .seconds(5) + ReadingProof.maximumAge) == nil)
    }

    @Test("a full book takes no more, and drops what is too old once a minute at most")
    func fullBook() throws {
        let (first, late) = (try proof(at: .zero), try proof(at: ReadingProof.maximumAge))
        let (user, other) = (try #require(UserID.fixture("a")), try #require(UserID.fixture("b")))
        let book = ProofBook(maximumEntries: 1)
        book.keep(first, .torrent, of: user, at: .zero)

        book.keep(late, .torrent, of: other, at: ReadingProof.maximumAge - .seconds(30))
        #expect(book.take(.torrent, of: other, at: ReadingProof.maximumAge) == nil, "swept, and all was of use")
        book.keep(late, .torrent, of: other, at: ReadingProof.maximumAge + .seconds(20))
        #expect(book.take(.torrent, of: other, at: ReadingProof.maximumAge) == nil, "swept less than a minute ago")
        book.keep(late, .torrent, of: other, at: ReadingProof.maximumAge + .seconds(30))
        #expect(book.take(.torrent, of: other, at: ReadingProof.maximumAge) == late)
    }

    @Test("what one look proves, and what took more than a page, leaves no proof")
    func none() {
        var short = PageWalk(pageSize: 50, overlap: 1)
        _ = short.take(ListPage(standing: .listed, items: [.fixture(1)]))
        var empty = PageWalk(pageSize: 50, overlap: 1)
        _ = empty.take(ListPage(standing: .listed, items: []))
        #expect(ReadingProof(list: short, queue: empty, at: .zero) == nil)
        var long = PageWalk(pageSize: 2, overlap: 0)
        _ = long.take(ListPage(standing: .listed, items: [.fixture(1), .fixture(2)]))
        _ = long.take(ListPage(standing: .listed, items: [.fixture(3)]))
        #expect(ReadingProof(list: long, queue: short, at: .zero) == nil)
        #expect(ReadingProof(list: short, queue: short, at: .zero) != nil)
    }
}
