import DomainModel
import Foundation
import Sharding
import Testing

@Suite struct SlotMapTests {
    private func decode(_ text: String) throws -> SlotMap {
        try JSONDecoder().decode(SlotMap.self, from: Data(text.utf8))
    }

    private func moved(from old: SlotMap, to new: SlotMap) -> Int {
        Slot.all.count { old.owner(of: $0) != new.owner(of: $0) }
    }

    @Test("every slot has one owner, for every number of workers")
    func complete() {
        for workers in 1...256 {
            let map = SlotMap(workers: workers)
            let owned = (0..<workers).flatMap { map.slots(of: $0) }
            #expect(owned.sorted() == Slot.all, "\(workers) workers")
            #expect(map.workerCount == workers)
        }
    }

    @Test("each worker owns one run of neighbours, and the runs differ by at most one slot in length")
    func contiguousAndEven() {
        for workers in 1...256 {
            let map = SlotMap(workers: workers)
            #expect(map.ranges.count == workers)
            let lengths = (0..<workers).map { map.slots(of: $0).count }
            #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
        }
    }

    @Test("four workers have the quarters")
    func quarters() throws {
        let map = SlotMap(workers: 4)
        #expect(
            map.ranges == [
                SlotRange(first: 0, last: 63, worker: 0), SlotRange(first: 64, last: 127, worker: 1),
                SlotRange(first: 128, last: 191, worker: 2), SlotRange(first: 192, last: 255, worker: 3),
            ])
        let user = try #require(UserID("d1" + String(repeating: "0", count: 62)))
        #expect(map.owner(of: user) == 3)
        #expect(map.owner(of: user) == map.owner(of: user.slot))
    }

    @Test("a resized map is a later epoch, complete, contiguous and even, however often it is resized")
    func resizedShape() {
        let sizes = [5, 4, 9, 1, 256, 3, 2, 17, 16, 8, 255, 254, 7, 6, 5, 12, 1, 2, 3, 4, 100, 99, 33, 34, 4]
        var map = SlotMap(workers: 4, epoch: 7)
        for (step, workers) in sizes.enumerated() {
            map = map.resized(to: workers)
            let lengths = (0..<workers).map { map.slots(of: $0).count }
            #expect(map.epoch == UInt64(8 + step))
            #expect(lengths.reduce(0, +) == 256 && map.workerCount == workers, "step \(step)")
            #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1, "step \(step)")
            #expect(map.ranges.count == workers, "step \(step)")
        }
    }

    @Test("the same number of workers moves nothing", arguments: [1, 3, 4, 255, 256])
    func resizedToSame(workers: Int) {
        let map = SlotMap(workers: workers)
        #expect(moved(from: map, to: map.resized(to: workers)) == 0)
    }

    @Test("one worker more moves at most two fifths of the slots, one less little more than half")
    func resizeMovesFew() {
        for workers in 2...24 {
            let map = SlotMap(workers: workers)
            #expect(moved(from: map, to: map.resized(to: workers + 1)) <= 103, "\(workers) plus one")
            #expect(moved(from: map, to: map.resized(to: workers - 1)) <= 140, "\(workers) minus one")
        }
    }

    @Test("two, four and five workers move what contiguous even shares make them move")
    func resizeByHand() {
        let two = SlotMap(workers: 2)
        #expect(moved(from: two, to: two.resized(to: 3)) == 85)
        let four = SlotMap(workers: 4)
        let five = four.resized(to: 5)
        #expect(moved(from: four, to: five) == 76)
        #expect(five.resized(to: 4).ranges == four.ranges)
    }

    @Test("a map survives JSON, small")
    func codable() throws {
        for workers in [1, 2, 7, 256] {
            let map = SlotMap(workers: workers, epoch: 12)
            #expect(try JSONDecoder().decode(SlotMap.self, from: JSONEncoder().encode(map)) == map)
        }
        #expect(try JSONEncoder().encode(SlotMap(workers: 4)).count < 200)
    }

    @Test(
        "a map with a hole, an overlap, a backward range or an impossible worker is refused",
        arguments: [
            #"{"epoch":1,"ranges":[]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":254,"worker":0}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":100,"worker":0},{"first":102,"last":255,"worker":1}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":128,"worker":0},{"first":128,"last":255,"worker":1}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":255,"worker":0},{"first":9,"last":3,"worker":1}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":255,"worker":-1}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":255,"worker":256}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":255,"worker":9223372036854775807}]}"#,
            #"{"epoch":1,"ranges":[{"first":0,"last":256,"worker":0}]}"#,
            #"{"epoch":-1,"ranges":[{"first":0,"last":255,"worker":0}]}"#,
            #"{"ranges":[{"first":0,"last":255,"worker":0}]}"#,
        ])
    func refused(text: String) {
        #expect(throws: DecodingError.self) { try decode(text) }
    }

    @Test("given owners must be one of 256 workers for each of 256 slots")
    func owners() {
        #expect(SlotMap(epoch: 1, owners: [Int](repeating: 3, count: 256))?.workerCount == 4)
        #expect(SlotMap(epoch: 1, owners: [Int](repeating: 0, count: 255)) == nil)
        #expect(SlotMap(epoch: 1, owners: [Int](repeating: 0, count: 257)) == nil)
        #expect(SlotMap(epoch: 1, owners: [Int](repeating: -1, count: 256)) == nil)
        #expect(SlotMap(epoch: 1, owners: [Int](repeating: .max, count: 256)) == nil)
    }

    @Test("no workers or more than slots is a bug of the caller")
    func preconditions() async {
        await #expect(processExitsWith: .failure) { _ = SlotMap(workers: 0) }
        await #expect(processExitsWith: .failure) { _ = SlotMap(workers: 257) }
    }

    @Test("a worker's socket is named after it")
    func address() {
        #expect(WorkerAddress.socketPath(runtimeDirectory: "/run/t", worker: 12) == "/run/t/worker-12.sock")
    }
}
