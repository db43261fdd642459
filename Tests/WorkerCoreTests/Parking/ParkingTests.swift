import DomainModel
import Testing
import UserStore

@testable import RuleEngine
@testable import WorkerCore

@Suite struct ParkingTests {
    @Test("undecided and refused items are held, approved ones are let go while they are the same download")
    func forThePlan() {
        let parking = parking([
            .fixture(1, items: [.fixture(1, .parked)]),
            .fixture(2, .rejected, items: [.fixture(2, .rejected, on: .torrent(2))]),
            .fixture(
                3, .approved, items: [.fixture(3, .approved, on: .torrent(3)), .fixture(4, .approved, on: .torrent(4))]),
        ])
        var items = library(1...4)
        items[.torrent(4)]?.hash = "another"
        #expect(parking.held == [RuleID(1): [.torrent(1), .torrent(2)]])
        #expect(parking.approved(items) == [RuleID(1): [.torrent(3)]])
        #expect(parking.open(of: RuleID(1))?.id == 1)
        let grants = items.mapValues { parking.grant(of: RuleID(1), for: $0) }
        #expect(grants == [.torrent(1): nil, .torrent(2): nil, .torrent(3): 3, .torrent(4): nil])
    }

    @Test("an approval that could not be carried out for a day is worth nothing") func expiry() {
        let batch = ParkedBatch.fixture(1, .approved, items: [.fixture(3, .approved)])
        for (age, holds) in [(86_400, true), (86_401, false)] as [(Int64, Bool)] {
            let parking = parking([batch], at: age)
            #expect(parking.approved(library(1...1)).isEmpty == !holds)
            let endings = parking.endings(findings([.torrent(1): .planned]))
            #expect(endings.map(\.state) == (holds ? [] : [.dropped]))
        }
    }

    @Test("an item stays parked while it matches, or nobody can tell", arguments: [0, 1, 2])
    func stays(how: Int) {
        let standings: [Parking.Outcome.Standing] = [.held, .unknown, .skipped(.parked)]
        let parking = parking([.fixture(items: [.fixture(1, .parked)])])
        #expect(parking.endings(findings([.torrent(1): standings[how]])).isEmpty)
        #expect(parking.endings(findings(nil)).isEmpty, "a rule that was not evaluated says nothing")
    }

    @Test("an item leaves its batch when it stops matching, is another download or is gone", arguments: [true, false])
    func leaves(isRejected: Bool) {
        let state: ActionState = isRejected ? .rejected : .parked
        let parking = parking([.fixture(1, isRejected ? .rejected : .open, items: [.fixture(1, state)])])
        let ended: [ActionState?] = isRejected ? [nil] : [.dropped]
        #expect(parking.endings(findings([:])).map(\.state) == ended)
        var another = findings([.torrent(1): .held])
        another.items[.torrent(1)]?.hash = "another"
        #expect(parking.endings(another).map(\.state) == ended)
        var gone = findings([:])
        gone.tracked = []
        #expect(parking.endings(gone).map(\.state) == ended)
        var missing = findings([:])
        missing.items = [:]
        #expect(parking.endings(missing).isEmpty, "missed once is not gone")
    }

    @Test(
        "an approved item that may not run is left alone with the reason",
        arguments: [
            (.skipped(.protected), "protected by the user"), (.skipped(.airlocked), "airlocked at TorBox"),
            (.unknown, "it cannot be told whether it still matches"), (nil, "no longer matches"),
        ] as [(Parking.Outcome.Standing?, String)])
    func approvedSkipped(standing: Parking.Outcome.Standing?, reason: String) {
        let parking = parking([.fixture(1, .approved, items: [.fixture(1, .approved)])])
        let endings = parking.endings(findings(standing.map { [.torrent(1): $0] } ?? [:]))
        #expect(endings.map(\.state) == [.skipped])
        #expect(endings.map(\.detail) == [reason])
    }

    @Test("an approval lasts while the item is to be acted on or the act is under way, and ends when it shows")
    func approvedUnderWay() {
        let parking = parking([.fixture(1, .approved, items: [.fixture(1, .approved)])])
        for standing in [Parking.Outcome.Standing.planned, .skipped(.awaitingEffect)] {
            #expect(parking.endings(findings([.torrent(1): standing])).isEmpty)
        }
        var done = findings([:])
        done.observed = [.torrent(1)]
        #expect(parking.endings(done).map(\.state) == [nil])
        var gone = findings([:])
        gone.items = [:]
        #expect(parking.endings(gone).map(\.detail) == ["no longer there"])
        gone.listed = []
        #expect(parking.endings(gone).isEmpty, "a kind that was not plainly listed says nothing")
    }

    @Test("what the breaker parked is decided anew when all is calm, and a day later in any case")
    func released() {
        let batch = ParkedBatch.fixture(reason: .breaker, items: [.fixture(1, .parked)])
        let cases: [(BreakerStanding, Int64, Bool)] = [
            (.init(isOpen: true), 0, false), (.init(), 0, false), (.init(isCalm: true), 0, true),
            (.init(), 86_401, true), (.init(isOpen: true), 86_401, false),
        ]
        for (standing, age, isReleased) in cases {
            let parking = Parking([batch], breaker: standing, at: noon(age))
            #expect(parking.held.isEmpty == isReleased)
            let endings = parking.endings(findings([.torrent(1): .planned]))
            #expect(endings.map(\.state) == (isReleased ? [.dropped] : []))
            #expect(parking.endings(findings([.torrent(1): .held])).isEmpty)
        }
        let limit = ParkedBatch.fixture(reason: .limit, items: [.fixture(1, .parked)])
        #expect(!Parking([limit], breaker: .init(isCalm: true), at: noon(99_999)).held.isEmpty)
    }

    @Test("items are known under the key they have after leaving the queue") func promotion() {
        let batch = ParkedBatch.fixture(1, .rejected, items: [.fixture(1, .rejected, on: .queued(7))])
        let parking = Parking(
            [batch], promotions: [.init(from: .queued(7), to: .torrent(90))], breaker: .init(), at: noon)
        #expect(parking.held == [RuleID(1): [.torrent(90)]])
    }

    // MARK: Tools

    private func parking(_ batches: [ParkedBatch], at seconds: Int64 = 0) -> Parking {
        Parking(batches, breaker: BreakerStanding(), at: noon(seconds))
    }

    private func library(_ numbers: ClosedRange<Int64>) -> [ItemKey: DownloadItem] {
        Dictionary(uniqueKeysWithValues: numbers.map { (.torrent($0), .fixture(.torrent($0))) })
    }

    /// Torrent 1 is there; rule 1 was evaluated with this outcome, or not at all.
    private func findings(_ standings: [ItemKey: Parking.Outcome.Standing]?) -> Parking.Findings {
        Parking.Findings(
            items: library(1...1), tracked: [.torrent(1)], listed: [.torrent], observed: [],
            outcomes: standings.map { [RuleID(1): Parking.Outcome(standings: $0)] } ?? [:])
    }
}
