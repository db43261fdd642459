import Testing

@testable import WireProtocol

@Suite(.timeLimit(.minutes(1))) struct StreamCreditTests {
    @Test("what is available is taken at once, then the taker waits for more")
    func take() async {
        let credit = StreamCredit(initial: 2)
        #expect(await credit.take())
        #expect(await credit.take())
        async let third = credit.take()
        credit.add(1)
        #expect(await third)
    }

    @Test("nobody can take room away or overflow it")
    func hostile() async {
        let credit = StreamCredit(initial: 1)
        for amount in [-1, 0, Int.min] { credit.add(amount) }
        for _ in 0..<100 { credit.add(.max) }
        for _ in 0..<1_000 { #expect(await credit.take()) }
    }

    @Test("at the end a taker that waits leaves, and no other begins")
    func end() async {
        let credit = StreamCredit(initial: 0)
        async let waiting = credit.take()
        credit.end()
        #expect(await !waiting)
        credit.add(5)
        #expect(await !credit.take())
    }

    @Test("a taker that is cancelled leaves, whether it waits already or not", arguments: 0..<50)
    func cancelled(yields: Int) async {
        let credit = StreamCredit(initial: 0)
        let taker = Task { await credit.take() }
        for _ in 0..<yields { await Task.yield() }
        taker.cancel()
        #expect(await !taker.value)
    }
}
