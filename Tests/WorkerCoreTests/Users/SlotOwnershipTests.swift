import DomainModel
import Testing

@testable import WorkerCore

@Suite struct SlotOwnershipTests {
    @Test("a slot has one owner, the second is refused until it is released") func exclusive() async throws {
        try await withTemporaryFolder { folder in
            let first = try SlotOwnership(dataDirectory: folder)
            let second = try SlotOwnership(dataDirectory: folder)
            try first.acquire([Slot(0), Slot(255)])
            #expect(first.owns(Slot(0)) && first.owns(Slot(255)) && !first.owns(Slot(1)))
            #expect(
                performing: { try second.acquire([Slot(255)]) },
                throws: { error in
                    (error as? SlotLockError)?.isHeldElsewhere == true
                })
            #expect(second.slots.isEmpty)
            try second.acquire([Slot(1)])
            try first.release([Slot(255)])
            try second.acquire([Slot(255)])
            #expect(second.slots == [Slot(1), Slot(255)])
            #expect(first.slots == [Slot(0)])
        }
    }

    @Test("an acquisition that fails half-way keeps nothing new, and what was held") func allOrNothing() async throws {
        try await withTemporaryFolder { folder in
            let first = try SlotOwnership(dataDirectory: folder)
            let second = try SlotOwnership(dataDirectory: folder)
            try first.acquire([Slot(7)])
            try second.acquire([Slot(4)])
            #expect(throws: SlotLockError.self) { try second.acquire([Slot(4), Slot(5), Slot(6), Slot(7)]) }
            #expect(second.slots == [Slot(4)])
            try first.acquire([Slot(5), Slot(6)])
            #expect(throws: SlotLockError.self) { try first.acquire([Slot(4)]) }
        }
    }

    @Test("a retired slot is not served, but stays locked until released") func retire() async throws {
        try await withTemporaryFolder { folder in
            let first = try SlotOwnership(dataDirectory: folder)
            let second = try SlotOwnership(dataDirectory: folder)
            try first.acquire([Slot(3)])
            first.retire([Slot(3)])
            #expect(!first.owns(Slot(3)))
            #expect(throws: SlotLockError.self) { try second.acquire([Slot(3)]) }
            try first.acquire([Slot(3)])
            #expect(first.owns(Slot(3)))
            try first.release(Slot.all)
            #expect(first.slots.isEmpty)
            try second.acquire(Slot.all)
            #expect(second.slots.count == 256)
        }
    }

    @Test("an owner that is gone holds nothing") func gone() async throws {
        try await withTemporaryFolder { folder in
            var first: SlotOwnership? = try SlotOwnership(dataDirectory: folder)
            try first?.acquire(Slot.all)
            let second = try SlotOwnership(dataDirectory: folder)
            #expect(throws: SlotLockError.self) { try second.acquire([Slot(9)]) }
            first = nil
            try second.acquire([Slot(9)])
            #expect(second.owns(Slot(9)))
        }
    }

    @Test("without a directory the error says what to check") func noDirectory() async throws {
        try await withTemporaryFolder { folder in
            let missing = folder + "/nowhere"
            #expect(
                performing: { _ = try SlotOwnership(dataDirectory: missing) },
                throws: { error in
                    let error = error as? SlotLockError
                    return error?.isHeldElsewhere == false && error?.description.contains("DATA_DIR") == true
                })
        }
    }
}
