import DomainModel
import Testing

@testable import WorkerCore

@Suite struct PollPlacesTests {
    private func taken(_ count: Int, of limit: Int) -> PollPlaces {
        var places = PollPlaces(limit: limit)
        for user in 0..<count { places.take(.sample(UInt8(user)), due: noon) }
        return places
    }

    @Test("a place that was left is free for another, and its user still under way") func leave() {
        var places = taken(2, of: 2)
        #expect(!places.hasFree)
        let hasLeft = places.leave(.sample(0))
        #expect(hasLeft && places.hasFree)
        #expect(places.contains(.sample(0)))
        #expect(places.due(of: .sample(0)) == noon)
        #expect(places.count == 2 && places.actingCount == 1)
    }

    @Test("a place is left once, and only by whoever has it") func once() {
        var places = taken(2, of: 2)
        let (first, again, stranger) = (places.leave(.sample(0)), places.leave(.sample(0)), places.leave(.sample(9)))
        #expect(first && !again && !stranger)
        places.take(.sample(2), due: noon)
        #expect(!places.hasFree)
    }

    @Test("whoever ends without a place frees none") func end() {
        var places = taken(2, of: 2)
        _ = places.leave(.sample(0))
        places.take(.sample(2), due: noon)
        places.end(.sample(0))
        #expect(!places.hasFree)
        #expect(places.count == 2 && places.actingCount == 0)
        places.end(.sample(1))
        #expect(places.hasFree)
    }

    @Test("only so many act without a place; the others keep theirs") func bound() {
        var places = PollPlaces(limit: 2)
        for user in UInt8(0)..<8 {
            #expect(places.hasFree)
            places.take(.sample(user), due: noon)
            let hasLeft = places.leave(.sample(user))
            #expect(hasLeft == (user < 6))
        }
        #expect(!places.hasFree)
        #expect(places.count == 8)
        places.end(.sample(3))
        #expect(!places.hasFree, "its place was another's long ago")
        let hasLeft = places.leave(.sample(6))
        #expect(hasLeft && places.hasFree)
    }

    @Test(
        "no more than a thousand are under way, as many as a worker can leave breadcrumbs of", arguments: [300, 1_000])
    func most(limit: Int) throws {
        var places = PollPlaces(limit: limit)
        var count = 0
        while places.hasFree {
            let digits = String(count, radix: 16)
            let user = try #require(UserID(String(repeating: "0", count: 64 - digits.count) + digits))
            places.take(user, due: noon)
            _ = places.leave(user)
            count += 1
        }
        #expect(count == PollPlaces.most)
        #expect(PollPlaces.most < BreadcrumbTrail.lines)
    }
}
