import DomainModel
import Testing

@testable import TorBoxClient

@Suite struct PageWalkTests {
    /// Pages of a list of ids, cut by offset as TorBox does.
    private func page(_ ids: [Int64], _ offset: Int, _ size: Int, total: Int? = nil) -> ListPage {
        let cut = ids.dropFirst(offset).prefix(size).map { DownloadItem.fixture($0) }
        return ListPage(standing: .listed, items: cut, total: total)
    }

    private func walkAll(_ ids: [Int64], size: Int, overlap: Int, cap: Int? = nil) -> (PageWalk, PageWalk.Step) {
        var walk = PageWalk(pageSize: size, overlap: overlap)
        var step = PageWalk.Step.read(offset: 0)
        while case .read(let offset) = step { step = walk.take(page(ids, offset, cap ?? size)) }
        return (walk, step)
    }

    @Test(
        "pages of any size with any overlap give the whole list once",
        arguments: [0, 1, 5, 6, 7, 11, 12, 49, 50, 51, 200])
    func whole(count: Int) {
        let ids = (0..<count).map { Int64($0 + 1) }
        for overlap in [0, 1, 3] {
            let (walk, step) = walkAll(ids, size: 6, overlap: overlap)
            #expect(step == .finished)
            #expect(walk.items.map(\.key.id) == ids)
            #expect(walk.duplicates == 0)
        }
    }

    @Test("a server that caps pages at a round number below what was asked is read to the end")
    func capped() {
        let ids = (1...230).map(Int64.init)
        let (walk, step) = walkAll(ids, size: 1_000, overlap: 10, cap: 100)
        #expect(step == .finished)
        #expect(walk.items.count == 230)
    }

    @Test("a row that came before the next page was read shows as a shift")
    func insertion() {
        var walk = PageWalk(pageSize: 4, overlap: 2)
        #expect(walk.take(page([1, 2, 3, 4, 5, 6], 0, 4)) == .read(offset: 2))
        #expect(walk.take(page([9, 1, 2, 3, 4, 5, 6], 2, 4)) == .shifted)
    }

    @Test("a row that went before the next page was read shows as a shift, where plain pages would miss one")
    func removal() {
        var walk = PageWalk(pageSize: 4, overlap: 2)
        #expect(walk.take(page([1, 2, 3, 4, 5, 6], 0, 4)) == .read(offset: 2))
        #expect(walk.take(page([2, 3, 4, 5, 6], 2, 4)) == .shifted)
    }

    @Test("a page shorter than the overlap is a shift")
    func tooShort() {
        var walk = PageWalk(pageSize: 4, overlap: 2)
        #expect(walk.take(page([1, 2, 3, 4], 0, 4)) == .read(offset: 2))
        #expect(walk.take(page([1, 2, 3], 2, 4)) == .shifted)
    }

    @Test("an id that comes twice is kept once and counted")
    func duplicates() {
        let (walk, step) = walkAll([1, 2, 2, 3], size: 10, overlap: 2)
        #expect(step == .finished)
        #expect(walk.items.map(\.key.id) == [1, 2, 3])
        #expect(walk.duplicates == 1)
    }

    @Test("a kind that is not found is the end of the first page and a shift on any other")
    func notFound() {
        var first = PageWalk(pageSize: 4, overlap: 2)
        #expect(first.take(ListPage(standing: .kindNotFound, items: [])) == .finished)
        #expect(first.standing == .kindNotFound)
        var second = PageWalk(pageSize: 4, overlap: 2)
        _ = second.take(page([1, 2, 3, 4], 0, 4))
        #expect(second.take(ListPage(standing: .kindNotFound, items: [])) == .shifted)
    }

    @Test("a total that changes, or that is not reached, is a shift")
    func total() {
        var changing = PageWalk(pageSize: 4, overlap: 2)
        #expect(changing.take(page([1, 2, 3, 4, 5], 0, 4, total: 5)) == .read(offset: 2))
        #expect(changing.take(page([1, 2, 3, 4, 5], 2, 4, total: 6)) == .shifted)
        var lacking = PageWalk(pageSize: 4, overlap: 2)
        #expect(lacking.take(page([1, 2], 0, 4, total: 3)) == .shifted)
        var fitting = PageWalk(pageSize: 4, overlap: 2)
        #expect(fitting.take(page([1, 2], 0, 4, total: 2)) == .finished)
    }

    @Test("a list without end is given up")
    func endless() {
        var walk = PageWalk(pageSize: 4, overlap: 0)
        var step = PageWalk.Step.read(offset: 0)
        while case .read(let offset) = step {
            let items = (0..<4).map { DownloadItem.fixture(Int64(offset + $0 + 1)) }
            step = walk.take(ListPage(standing: .listed, items: items))
        }
        #expect(step == .tooLong)
        #expect(walk.pages == PageWalk.maximumPages)
    }
}
