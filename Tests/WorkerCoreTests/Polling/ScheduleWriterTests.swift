import DomainModel
import Logging
import Registry
import Storage
import Testing

@testable import WorkerCore

@Suite struct ScheduleWriterTests {
    @Test("polls gather and are written at once, the last of each user") func gathers() async throws {
        try await withTemporaryFolder { folder in
            let (writer, registry) = try await open(folder)
            for second in Int64(0)..<5 { await writer.add(update(1, second)) }
            await writer.add(update(2, 9))
            #expect(await writer.backlog == 2)
            #expect(try await registry.user(.sample(1))?.nextDue == nil)
            await writer.flush()
            #expect(await writer.backlog == 0)
            #expect(try await registry.user(.sample(1))?.nextDue == noon(4))
            #expect(try await registry.user(.sample(2))?.nextDue == noon(9))
            try await registry.close()
        }
    }

    @Test("times that a later poll leaves out are kept") func keepsTimes() async throws {
        try await withTemporaryFolder { folder in
            let (writer, registry) = try await open(folder)
            await writer.add(
                ScheduleUpdate(user: .sample(1), nextDue: noon(1), lastPolled: noon(2), lastSuccess: noon(2)))
            await writer.add(
                ScheduleUpdate(user: .sample(1), nextDue: noon(8), lastPolled: noon(7), lastError: "outage"))
            await writer.flush()
            let user = try await registry.user(.sample(1))
            #expect(user?.lastSuccess == noon(2))
            #expect(user?.lastPolled == noon(7))
            #expect(user?.lastError == "outage")
            try await registry.close()
        }
    }

    @Test("what cannot be written is kept, one entry a user, and yields to what is newer") func keepsOnFailure()
        async throws
    {
        try await withTemporaryFolder { folder in
            let (writer, registry) = try await open(folder)
            try await registry.close()
            await writer.add(ScheduleUpdate(user: .sample(1), nextDue: noon(1), lastSuccess: noon(1)))
            await writer.flush()
            await writer.flush()
            #expect(await writer.backlog == 1)
            await writer.add(ScheduleUpdate(user: .sample(1), nextDue: noon(5)))
            await writer.flush()
            #expect(await writer.backlog == 1)
        }
    }

    @Test("that a poll is due is written once, until another poll was made") func announcedOnce() async throws {
        try await withTemporaryFolder { folder in
            let (writer, registry) = try await open(folder)
            try await writer.setHasActiveRules(.sample(1), true, nextDue: noon(1))
            try await writer.setHasActiveRules(.sample(1), true, nextDue: noon(2))
            #expect(try await registry.user(.sample(1))?.nextDue == noon(1))
            await writer.add(update(1, 1_800))
            try await writer.setHasActiveRules(.sample(1), true, nextDue: noon(3))
            #expect(try await registry.user(.sample(1))?.nextDue == noon(3))
            try await writer.setHasActiveRules(.sample(1), false)
            try await writer.setHasActiveRules(.sample(1), true, nextDue: noon(4))
            #expect(try await registry.user(.sample(1))?.hasActiveRules == true)
            #expect(try await registry.user(.sample(1))?.nextDue == noon(4))
            try await registry.close()
        }
    }

    @Test("what an earlier poll left to be written does not undo that another is due") func announcedStays()
        async throws
    {
        try await withTemporaryFolder { folder in
            let (writer, registry) = try await open(folder)
            await writer.add(update(1, 1_800))
            try await writer.setHasActiveRules(.sample(1), true, nextDue: noon(3))
            await writer.flush()
            #expect(try await registry.user(.sample(1))?.nextDue == noon(3))
            try await registry.close()
        }
    }

    private func open(_ folder: String) async throws -> (ScheduleWriter, SQLiteRegistry) {
        let registry = try await SQLiteRegistry.open(path: folder + "/master.db", options: DatabaseOptions())
        try await registry.migrate(now: noon)
        for number in UInt8(1)...2 {
            try await registry.register(
                NewUser(
                    id: .sample(number), encryptedKey: "sealed", keyName: nil, databasePath: "\(folder)/\(number)",
                    at: noon))
        }
        let unsettled = UnsettledUsers(dataDirectory: folder)
        return (ScheduleWriter(registry: registry, unsettled: unsettled, logger: Logger(label: "test")), registry)
    }

    private func update(_ number: UInt8, _ second: Int64) -> ScheduleUpdate {
        ScheduleUpdate(user: .sample(number), nextDue: noon(second))
    }
}
