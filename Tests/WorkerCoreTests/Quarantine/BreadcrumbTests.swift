import DomainModel
import Foundation
import Registry
import Testing

@testable import WorkerCore

@Suite struct BreadcrumbTests {
    private let everything = Set(Slot.all)

    /// The file of a living trail as it would be found after its process was killed now.
    private func killed(_ directory: BreadcrumbDirectory, as name: String = "dead.crumbs") throws {
        let living = try #require(
            try FileManager.default.contentsOfDirectory(atPath: directory.path).first { !$0.hasPrefix("dead") })
        try FileManager.default.copyItem(atPath: "\(directory.path)/\(living)", toPath: "\(directory.path)/\(name)")
    }

    @Test("what is under way at a death is found afterwards, by user and kind of work, and nothing else")
    func found() async throws {
        try await withTemporaryFolder { folder in
            let directory = BreadcrumbDirectory(runtimeDirectory: folder)
            let trail = try BreadcrumbTrail(directory: directory)
            await trail.duringPoll(of: .sample(9)) {}
            try await trail.duringPoll(of: .sample(1)) {
                try await trail.during("rules.list", of: .sample(2)) {
                    try await trail.during("rules.replace", of: .sample(1)) { try killed(directory) }
                }
            }
            let deaths = try directory.deaths(in: everything)
            #expect(deaths.map(\.name) == ["dead.crumbs"])
            #expect(
                deaths.first?.remains.users == [
                    .sample(1): UnfinishedWork(isPoll: true, operations: ["rules.replace"]),
                    .sample(2): .request("rules.list"),
                ])
            #expect(deaths.first?.remains.isBlameless == false)
            trail.erase()
        }
    }

    @Test("the file of a living process is not read as a dead one's") func living() async throws {
        try await withTemporaryFolder { folder in
            let directory = BreadcrumbDirectory(runtimeDirectory: folder)
            let trail = try BreadcrumbTrail(directory: directory)
            try await trail.duringPoll(of: .sample(1)) {
                let deaths = try directory.deaths(in: everything)
                #expect(deaths.isEmpty)
            }
            trail.erase()
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        }
    }

    @Test("every owner of slots settles its own users, and the last takes the file away") func settling() async throws {
        try await withTemporaryFolder { folder in
            let directory = BreadcrumbDirectory(runtimeDirectory: folder)
            let trail = try BreadcrumbTrail(directory: directory)
            try await trail.duringPoll(of: .sample(1)) {
                try await trail.duringPoll(of: .sample(200)) { try killed(directory) }
            }
            trail.erase()
            for slot in [Slot(1), Slot(200)] {
                let death = try #require(try directory.deaths(in: [slot]).first)
                #expect(Array(death.remains.users.keys.map(\.slot)) == [slot])
                try directory.settle(death)
                #expect(try directory.deaths(in: [slot]).first?.remains.users.isEmpty != false)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
        }
    }

    @Test("what ends while it drains, or with the machine, is nobody's fault") func blameless() async throws {
        try await withTemporaryFolder { folder in
            let directory = BreadcrumbDirectory(runtimeDirectory: folder)
            let trail = try BreadcrumbTrail(directory: directory)
            try await trail.duringPoll(of: .sample(1)) {
                trail.beginDraining()
                try killed(directory)
            }
            #expect(try directory.deaths(in: everything).first?.remains.isBlameless == true)
            trail.erase()
        }
        let bytes = BreadcrumbFormat.empty(lines: 1, boot: "boot-1")
        #expect(BreadcrumbFormat.read(bytes, boot: "boot-1")?.isBlameless == false)
        #expect(BreadcrumbFormat.read(bytes, boot: "boot-2")?.isBlameless == true)
    }

    @Test("a file of something else is passed over", arguments: ["", "crumbs", "crumbs 2 w x", "SQLite format 3"])
    func foreign(text: String) {
        #expect(BreadcrumbFormat.read(Array(text.utf8), boot: "b") == nil)
    }

    @Test("more work than there are lines goes on unmarked") func full() async throws {
        try await withTemporaryFolder { folder in
            let trail = try BreadcrumbTrail(directory: BreadcrumbDirectory(runtimeDirectory: folder))
            let gate = Gate()
            let count = BreadcrumbTrail.lines + 10
            await withTaskGroup(of: Int.self) { group in
                for number in 0..<count {
                    group.addTask {
                        await trail.during("rules.list", of: .sample(UInt8(number % 256))) { await gate.pass() }
                        return 1
                    }
                }
                gate.open()
                #expect(await group.reduce(0, +) == count)
            }
            trail.erase()
        }
    }
}
