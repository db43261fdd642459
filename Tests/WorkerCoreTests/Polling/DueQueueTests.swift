import DomainModel
import Testing

@testable import WorkerCore

@Suite struct DueQueueTests {
    @Test("nobody is due before time, and then the longest overdue first") func order() {
        var queue = DueQueue()
        queue.schedule(.sample(1), at: noon(10))
        queue.schedule(.sample(2), at: noon(5))
        queue.schedule(.sample(3), at: noon(20))
        #expect(queue.nextDue() == noon(5))
        #expect(queue.popDue(at: noon(4)) == nil)
        #expect(queue.popDue(at: noon(10)) == .sample(2))
        #expect(queue.popDue(at: noon(10)) == .sample(1))
        #expect(queue.popDue(at: noon(10)) == nil)
        #expect(queue.count == 1)
    }

    @Test("moving a user forgets the earlier time, both ways", arguments: [(10, 5), (5, 10)])
    func move(from: Int64, to: Int64) {
        var queue = DueQueue()
        queue.schedule(.sample(1), at: noon(from))
        queue.schedule(.sample(1), at: noon(to))
        #expect(queue.due(of: .sample(1)) == noon(to))
        #expect(queue.nextDue() == noon(to))
        #expect(queue.count == 1)
        #expect(queue.popDue(at: noon(100)) == .sample(1))
        #expect(queue.popDue(at: noon(100)) == nil)
    }

    @Test("a removed user is not due any more, and may come again") func remove() {
        var queue = DueQueue()
        queue.schedule(.sample(1), at: noon)
        queue.remove(.sample(1))
        #expect(queue.nextDue() == nil)
        #expect(queue.popDue(at: noon(1)) == nil)
        queue.schedule(.sample(1), at: noon(3))
        #expect(queue.popDue(at: noon(3)) == .sample(1))
    }

    @Test("overdue counts those that wait longer than the tolerance") func overdue() {
        var queue = DueQueue()
        for second in Int64(0)..<10 { queue.schedule(.sample(UInt8(second)), at: noon(second)) }
        #expect(queue.overdue(at: noon(10), byMoreThan: 5_000) == 5)
        #expect(queue.overdue(at: noon(-1), byMoreThan: 0) == 0)
    }

    @Test("any sequence of changes gives what a plain dictionary gives") func model() {
        var generator = SeededNumbers(seed: 7)
        var queue = DueQueue()
        var model: [UserID: Timestamp] = [:]
        for _ in 0..<20_000 {
            let user = UserID.sample(UInt8.random(in: 0..<40, using: &generator))
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<7:
                let due = noon(Int64.random(in: 0..<1_000, using: &generator))
                queue.schedule(user, at: due)
                model[user] = due
            case 7:
                queue.remove(user)
                model[user] = nil
            default:
                let moment = noon(Int64.random(in: 0..<1_000, using: &generator))
                let due = model.values.filter { $0 <= moment }.min()
                let popped = queue.popDue(at: moment)
                #expect(popped.map { model[$0] } == (due == nil ? nil : .some(due)))
                if let popped { model[popped] = nil }
            }
            #expect(queue.count == model.count)
            #expect(queue.nextDue() == model.values.min())
        }
    }
}
