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

    @Test("texts are found behind new downloads, across removed ones, and for all that come in order") func order() {
        let rows = Array(Int64(1)...200)
        #expect(found(rows, among: rows) == rows)
        #expect(found(rows, among: Array(900...950) + rows) == rows)
        let shown = rows.filter { !(20..<40).contains($0) }
        #expect(found(rows, among: shown) == shown)
        #expect(found([200, 1], among: rows) == [1])
        #expect(found(rows, among: []) == [])
    }
}
