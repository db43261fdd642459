import DomainModel
import Testing

@testable import UserStore

@Suite struct SharedTextsTests {
    private func item(_ id: Int64) -> DownloadItem {
        var item = DownloadItem(key: ItemKey(asset: .torrent, id: id))
        item.name = "download \(id)"
        return item
    }

    private func found(_ rows: [Int64], among shown: [Int64]) -> [Int64] {
        shown.map(item).withUnsafeBufferPointer { shown in
            var texts = SharedTexts(shown)
            return rows.filter { texts.of(ItemKey(asset: .torrent, id: $0)).name == "download \($0)" }
        }
    }

    @Test("texts are found behind new downloads, across removed ones, and in whatever order they are asked for")
    func order() {
        let rows = Array(Int64(1)...200)
        #expect(found(rows, among: rows) == rows)
        #expect(found(rows, among: rows.reversed()) == rows, "TorBox lists the newest first")
        #expect(found(rows.reversed(), among: rows.reversed()) == rows.reversed(), "rows of older files")
        #expect(found(rows, among: Array(900...950) + rows) == rows)
        let shown = rows.filter { !(20..<40).contains($0) }
        #expect(found(rows, among: shown) == shown)
        #expect(found([200, 1, 100, 7, 201, 0, 8], among: rows) == [200, 1, 100, 7, 8])
        #expect(found(rows, among: []) == [])
    }

    @Test("a number that two kinds have is each one's own") func kinds() {
        let keys = [AssetType.webdl, .torrent, .usenet].flatMap { asset in
            [false, true].flatMap { isQueued in
                [Int64(5), 7, 6].map { ItemKey(asset: asset, isQueued: isQueued, id: $0) }
            }
        }
        let items = keys.map { key in
            var item = DownloadItem(key: key)
            item.hash = key.description
            return item
        }
        items.withUnsafeBufferPointer { items in
            var texts = SharedTexts(items)
            for key in keys.sorted() + keys { #expect(texts.of(key).hash == key.description) }
        }
    }
}
