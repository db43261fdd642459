import DomainModel
import Testing

@testable import Registry

@Suite struct ReachabilityTests {
    private let start = ContinuousClock.now
    private var generator = SystemRandom()
    private var reachability = Reachability()

    private mutating func mayTry(after milliseconds: Int, patience: Duration = .seconds(2)) -> Bool {
        reachability.mayTry(at: start.advanced(by: .milliseconds(milliseconds)), patience: patience)
    }

    @Test("while the server is away one call at a time tries, the first after about 100 ms") mutating func oneTries() {
        let before = mayTry(after: 0)
        #expect(before)
        let isFirst = reachability.lost(at: start, using: &generator)
        #expect(isFirst)
        let tries = [80, 120, 120, 2_120].map { mayTry(after: $0) }
        #expect(tries == [false, true, false, true], "the one that tries keeps the others away, unless it never ends")
    }

    @Test("the distance grows to two seconds and is forgotten on success") mutating func grows() {
        let firsts = (1...40).map { _ in reachability.lost(at: start, using: &generator) }
        #expect(firsts == [true] + Array(repeating: false, count: 39))
        let tries = [1_700, 2_300].map { mayTry(after: $0, patience: .zero) }
        #expect(tries == [false, true])
        let wasAway = reachability.reached()
        #expect(wasAway)
        #expect(!reachability.isAway)
        let after = mayTry(after: 0)
        #expect(after)
    }
}
