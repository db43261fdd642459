import DomainModel
import Testing

@Suite struct ItemKeyTests {
    @Test("one number names six different downloads")
    func distinct() {
        let keys = AssetType.allCases.flatMap { asset in
            [false, true].map { ItemKey(asset: asset, isQueued: $0, id: 5) }
        }
        #expect(Set(keys).count == 6)
        #expect(Set(keys.map(\.description)).count == 6)
        #expect(keys.shuffled().sorted() == keys)
    }

    @Test("fields have the names of TorBox's keys, each its own")
    func fields() {
        #expect(Set(ItemField.allCases.map(\.key)).count == ItemField.allCases.count)
        #expect(ItemField.isPrivate.key == "private")
    }
}
