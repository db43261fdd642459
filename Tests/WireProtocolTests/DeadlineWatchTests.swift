import NIOCore
import NIOEmbedded
import Testing

@testable import WireProtocol

@Suite struct DeadlineWatchTests {
    private let loop = EmbeddedEventLoop()
    private let watch = DeadlineWatch()

    @Test("an earlier deadline is looked at in time, a later one with it or after")
    func earliest() {
        var looks = 0
        expect(10) { looks += 1 }
        expect(5) { looks += 1 }
        expect(7) { looks += 1 }
        loop.advanceTime(by: .seconds(4))
        #expect(looks == 0)
        loop.advanceTime(by: .seconds(1))
        #expect(looks == 1)
        // Who has deadlines left asks again.
        expect(7) { looks += 1 }
        loop.advanceTime(by: .seconds(2))
        #expect(looks == 2)
        loop.advanceTime(by: .seconds(100))
        #expect(looks == 2)
    }

    @Test("stopped, it looks no more")
    func stopped() {
        var looks = 0
        expect(5) { looks += 1 }
        watch.stop()
        loop.advanceTime(by: .seconds(10))
        #expect(looks == 0)
    }

    private func expect(_ second: UInt64, _ look: @escaping () -> Void) {
        watch.expect(.uptimeNanoseconds(second * 1_000_000_000), on: loop.assumeIsolated(), look)
    }
}
