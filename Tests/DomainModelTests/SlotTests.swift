import DomainModel
import Testing

@Suite struct SlotTests {
    @Test("there are 256 slots, in order, each with its own two digits")
    func all() {
        #expect(Slot.all.count == Slot.count)
        #expect(Slot.all == Slot.all.shuffled().sorted())
        #expect(Set(Slot.all.map(\.description)).count == 256)
        #expect(Slot.all.allSatisfy { $0.description.utf8.count == 2 })
    }

    @Test(
        "a slot reads as the digits its users' ids begin with",
        arguments: [(0, "00"), (10, "0a"), (209, "d1"), (255, "ff")])
    func description(number: UInt8, text: String) {
        #expect("\(Slot(number))" == text)
    }
}
