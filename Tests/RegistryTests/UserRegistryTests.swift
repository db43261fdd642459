import DomainModel
import Registry
import Storage
import Testing

/// What every registry promises, whatever it is kept in.
@Suite struct UserRegistryTests {
    @Test("a registered user is found with everything that was given", arguments: RegistryBackend.allCases)
    func registers(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let made = try await registry.register(.sample("ab", key: "aa:bb:cc", name: "home"))
            #expect(made.id == .sample("ab"))
            #expect(made.status == .active && made.isKeyActive && made.isActive)
            #expect(made.keyName == "home")
            #expect(made.encryptedKey == "aa:bb:cc")
            #expect(!made.hasActiveRules)
            #expect(made.nextDue == nil && made.lastPolled == nil && made.lastSeen == nil)
            #expect(made.failureCount == 0)
            #expect(made.createdAt == .noon)
            #expect(try await registry.user(.sample("ab")) == made)
            #expect(try await registry.encryptedKey(of: .sample("ab")) == "aa:bb:cc")
        }
    }

    @Test("a user's upload queue is kept, and registering again leaves it", arguments: RegistryBackend.allCases)
    func uploads(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let user = UserID.sample("ab")
            let made = try await registry.register(.sample("ab"))
            #expect(made.uploads == UploadBacklog())
            let backlog = UploadBacklog(queued: 3, nextAttempt: .noon, retainedFiles: 2, retainedBytes: 5_000_000_000)
            try await registry.recordUploads([user: backlog, .sample("cd"): backlog])
            #expect(try await registry.user(user)?.uploads == backlog)
            #expect(try await registry.users(in: .all).map(\.uploads) == [backlog])
            #expect(try await registry.register(.sample("ab")).uploads == backlog)
            try await registry.recordUploads([user: UploadBacklog()])
            #expect(try await registry.user(user)?.uploads == UploadBacklog())
        }
    }

    @Test("nobody is found who is not registered", arguments: RegistryBackend.allCases)
    func findsNobody(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            #expect(try await registry.user(.sample("ab")) == nil)
            #expect(try await registry.encryptedKey(of: .sample("ab")) == nil)
            let key = try await registry.anyKey()
            #expect(key == nil)
            #expect(try await !registry.remove(.sample("ab")))
        }
    }

    @Test(
        "registering again reactivates, replaces key and name, and clears old trouble",
        arguments: RegistryBackend.allCases)
    func registersAgain(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let user = UserID.sample("ab")
            try await registry.register(.sample("ab", name: "home"))
            try await registry.setHasActiveRules(user, true, nextDue: .noon)
            try await registry.recordPolls([
                ScheduleUpdate(
                    user: user, nextDue: .noon, lastError: "auth", failureCount: 3, retryAfter: .noon,
                    pausedReason: "auth")
            ])
            try await registry.recordPolls([
                ScheduleUpdate(
                    user: user, nextDue: .noon, failureCount: 3, keyRefusals: 3, planRefusals: 1, pausedReason: "auth")
            ])
            try await registry.setStatus(user, .inactive, reason: "three refusals", now: .noon)
            let later = Timestamp.noon.advanced(bySeconds: 60)
            var again = NewUser.sample("ab", key: "dd:ee:ff", at: later)
            again.databasePath = "/elsewhere"
            let renewed = try await registry.register(again)
            #expect(renewed.isActive)
            #expect(renewed.encryptedKey == "dd:ee:ff")
            #expect(renewed.keyName == nil)
            #expect(renewed.databasePath == NewUser.sample("ab").databasePath)
            #expect(renewed.createdAt == .noon)
            #expect(renewed.hasActiveRules)
            #expect(renewed.nextDue == nil, "who was paused is due now")
            #expect(renewed.failureCount == 0 && renewed.keyRefusals == 0 && renewed.planRefusals == 0)
            #expect(renewed.lastError == nil && renewed.retryAfter == nil && renewed.pausedReason == nil)
        }
    }

    @Test("a registration that fails leaves nothing of itself", arguments: RegistryBackend.allCases)
    func registersWhole(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab"))
            var second = NewUser.sample("cd")
            second.databasePath = NewUser.sample("ab").databasePath
            await #expect(throws: StorageError.self) { try await registry.register(second) }
            #expect(try await registry.user(.sample("cd")) == nil)
            #expect(try await registry.encryptedKey(of: .sample("cd")) == nil)
        }
    }

    @Test("a range of slots gives its users in order and no others", arguments: RegistryBackend.allCases)
    func listsSlots(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let prefixes = ["00", "0f", "0fff", "10", "7f", "80", "fe", "ff", "fffff"]
            for prefix in prefixes.shuffled() { try await registry.register(.sample(prefix)) }
            func users(_ slots: ClosedRange<Slot>) async throws -> [UserID] {
                try await registry.users(in: slots).map(\.id)
            }
            #expect(try await users(.all) == prefixes.map(UserID.sample))
            #expect(try await users(Slot(0)...Slot(0x0f)) == ["00", "0f", "0fff"].map(UserID.sample))
            #expect(try await users(Slot(0x10)...Slot(0x7f)) == ["10", "7f"].map(UserID.sample))
            #expect(try await users(Slot(255)...Slot(255)) == ["ff", "fffff"].map(UserID.sample))
            #expect(try await users(Slot(1)...Slot(2)) == [])
        }
    }

    @Test(
        "polls of many users are recorded at once, and removed users disturb nobody",
        arguments: RegistryBackend.allCases)
    func recordsPolls(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            for prefix in ["ab", "cd"] { try await registry.register(.sample(prefix)) }
            let due = Timestamp.noon.advanced(bySeconds: 1_800)
            try await registry.recordPolls([
                ScheduleUpdate(user: .sample("ab"), nextDue: due, lastPolled: .noon, lastSuccess: .noon),
                ScheduleUpdate(user: .sample("ee"), nextDue: due, lastPolled: .noon),
                ScheduleUpdate(
                    user: .sample("cd"), nextDue: due, lastPolled: .noon, lastError: "429", failureCount: 2,
                    keyRefusals: 2, planRefusals: 1, retryAfter: due, pausedReason: "plan"),
            ])
            let first = try #require(try await registry.user(.sample("ab")))
            #expect(first.nextDue == due && first.lastPolled == .noon && first.lastSuccess == .noon)
            let second = try #require(try await registry.user(.sample("cd")))
            #expect(second.lastError == "429" && second.failureCount == 2)
            #expect(second.keyRefusals == 2 && second.planRefusals == 1)
            #expect(first.keyRefusals == 0 && first.planRefusals == 0)
            #expect(second.retryAfter == due && second.pausedReason == "plan" && second.lastSuccess == nil)
            #expect(try await registry.user(.sample("ee")) == nil)
        }
    }

    @Test(
        "a later record clears what it names none of, but keeps when it last went well",
        arguments: RegistryBackend.allCases)
    func recordsOver(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab"))
            try await registry.recordPolls([
                ScheduleUpdate(
                    user: .sample("ab"), nextDue: .noon, lastPolled: .noon, lastSuccess: .noon, lastError: "x",
                    failureCount: 1, retryAfter: .noon, pausedReason: "y")
            ])
            try await registry.recordPolls([ScheduleUpdate(user: .sample("ab"), nextDue: nil)])
            let user = try #require(try await registry.user(.sample("ab")))
            #expect(user.nextDue == nil && user.lastError == nil && user.retryAfter == nil && user.pausedReason == nil)
            #expect(user.failureCount == 0)
            #expect(user.lastPolled == .noon && user.lastSuccess == .noon)
        }
    }

    @Test(
        "whether there are active rules is kept, with the next due time only when given",
        arguments: RegistryBackend.allCases)
    func activeRules(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab"))
            try await registry.setHasActiveRules(.sample("ab"), true, nextDue: .noon)
            #expect(try await registry.user(.sample("ab"))?.hasActiveRules == true)
            try await registry.setHasActiveRules(.sample("ab"), false)
            let user = try #require(try await registry.user(.sample("ab")))
            #expect(!user.hasActiveRules)
            #expect(user.nextDue == .noon)
            try await registry.setHasActiveRules(.sample("ee"), true, nextDue: .noon)
            #expect(try await registry.user(.sample("ee")) == nil)
        }
    }

    @Test("switching off takes account and key together, and counts follow", arguments: RegistryBackend.allCases)
    func status(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            for prefix in ["01", "02", "ff"] { try await registry.register(.sample(prefix)) }
            for prefix in ["01", "02"] { try await registry.setHasActiveRules(.sample(prefix), true, nextDue: .noon) }
            try await registry.setStatus(.sample("01"), .active, reason: nil, now: .noon)
            #expect(try await registry.user(.sample("01"))?.nextDue == .noon, "who was not paused stays due as before")
            try await registry.setStatus(.sample("02"), .inactive, reason: "auth failures", now: .noon)
            let user = try #require(try await registry.user(.sample("02")))
            #expect(user.status == .inactive && !user.isKeyActive && !user.isActive)
            #expect(user.pausedReason == "auth failures")
            #expect(try await registry.countActive(in: .all) == 2)
            #expect(try await registry.countActive(in: Slot(0)...Slot(127)) == 1)
            try await registry.setStatus(.sample("02"), .active, reason: nil, now: .noon)
            let restored = try #require(try await registry.user(.sample("02")))
            #expect(restored.isActive && restored.pausedReason == nil && restored.nextDue == nil)
        }
    }

    @Test("presence moves forward only", arguments: RegistryBackend.allCases)
    func presence(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab"))
            try await registry.touch(lastSeen: [.sample("ab"): .noon, .sample("ee"): .noon])
            try await registry.touch(lastSeen: [.sample("ab"): Timestamp.noon.advanced(bySeconds: -60)])
            #expect(try await registry.user(.sample("ab"))?.lastSeen == .noon)
            let later = Timestamp.noon.advanced(bySeconds: 60)
            try await registry.touch(lastSeen: [.sample("ab"): later])
            #expect(try await registry.user(.sample("ab"))?.lastSeen == later)
        }
    }

    @Test("a removed user is gone with key and schedule, and can come back as new", arguments: RegistryBackend.allCases)
    func removes(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab"))
            try await registry.recordPolls([ScheduleUpdate(user: .sample("ab"), nextDue: .noon, failureCount: 9)])
            #expect(try await registry.remove(.sample("ab")))
            #expect(try await registry.user(.sample("ab")) == nil)
            #expect(try await registry.encryptedKey(of: .sample("ab")) == nil)
            let back = try await registry.register(.sample("ab"))
            #expect(back.nextDue == nil && back.failureCount == 0)
        }
    }

    @Test("the newest key is offered for a trial", arguments: RegistryBackend.allCases)
    func anyKey(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await registry.register(.sample("ab", key: "old"))
            try await registry.register(.sample("cd", key: "new", at: Timestamp.noon.advanced(bySeconds: 60)))
            let found = try #require(try await registry.anyKey())
            #expect(found.user == .sample("cd"))
            #expect(found.encryptedKey == "new")
        }
    }

    @Test("migrating again does nothing", arguments: RegistryBackend.allCases)
    func migratesOnce(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let steps = try await registry.migrate(now: .noon)
            #expect(steps == 0)
        }
    }

    @Test("many callers at once lose nothing", arguments: RegistryBackend.allCases)
    func concurrency(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 16..<80 {
                    group.addTask {
                        let prefix = String(number, radix: 16)
                        try await registry.register(.sample(prefix))
                        try await registry.recordPolls([
                            ScheduleUpdate(user: .sample(prefix), nextDue: .noon, failureCount: number)
                        ])
                    }
                }
                try await group.waitForAll()
            }
            let users = try await registry.users(in: .all)
            #expect(users.map(\.failureCount) == Array(16..<80))
        }
    }

    @Test(
        "a TorBox account is found by its number, and only the newest key leads to its user",
        arguments: RegistryBackend.allCases)
    func accounts(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            var user = NewUser.sample("ab")
            user.accountID = 4_503_599_627_370_495
            try await registry.register(user)
            #expect(try await registry.user(ofAccount: 4_503_599_627_370_495) == .sample("ab"))
            #expect(try await registry.user(ofAccount: 7) == nil)
            #expect(try await registry.user(.sample("ab"))?.keyID == nil)
            for key in ["cd", "ef"] {
                user.keyID = .sample(key)
                user.accountID = nil
                let registered = try await registry.register(user)
                #expect(registered.keyID == .sample(key) && registered.accountID == 4_503_599_627_370_495)
                #expect(try await registry.user(ofKey: .sample(key)) == .sample("ab"))
            }
            #expect(try await registry.user(ofKey: .sample("cd")) == nil)
            #expect(try await registry.users(in: .all).map(\.keyID) == [.sample("ef")])
            user.keyID = .sample("ab")
            #expect(try await registry.register(user).keyID == nil, "the first key is good again")
            #expect(try await registry.user(ofKey: .sample("ef")) == nil)
            user.keyID = .sample("cd")
            try await registry.register(user)
            try await registry.remove(.sample("ab"))
            #expect(try await registry.user(ofKey: .sample("cd")) == nil)
            #expect(try await registry.user(ofAccount: 4_503_599_627_370_495) == nil)
        }
    }
}
