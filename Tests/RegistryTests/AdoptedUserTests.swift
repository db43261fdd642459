import DomainModel
import Registry
import Testing

@Suite struct AdoptedUserTests {
    private func user(_ prefix: String) -> AdoptedUser {
        let id = UserID.sample(prefix)
        var user = AdoptedUser(
            id: id, databasePath: "/data/user_\(id.hex).sqlite", status: .inactive, createdAt: .noon,
            updatedAt: .noon, encryptedKey: "aa:bb:cc", isKeyActive: true, keyCreatedAt: .noon, keyUpdatedAt: .noon)
        user.hasActiveRules = true
        user.nextDue = Timestamp.noon.advanced(bySeconds: 60)
        user.uploads = UploadBacklog(
            queued: 3, nextAttempt: .noon, tier: .unlimited, retainedFiles: 2, retainedBytes: 5_000_000_000)
        user.keyRefusals = 2
        user.planRefusals = 1
        user.lastSeen = .noon
        user.previousLastSeen = Timestamp.noon.advanced(bySeconds: -60)
        user.keyName = "it's \"mine\""
        return user
    }

    @Test("everything that was known of a user is known here", arguments: RegistryBackend.allCases)
    func whole(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let user = user("ab")
            try await registry.adopt([user], now: .noon)
            let known = try #require(try await registry.user(user.id))
            #expect(
                known.status == .inactive && known.isKeyActive && known.hasActiveRules
                    && known.encryptedKey == "aa:bb:cc")
            #expect(known.keyName == user.keyName && known.nextDue == user.nextDue && known.uploads == user.uploads)
            #expect(
                known.keyRefusals == 2 && known.planRefusals == 1 && known.lastSeen == .noon && known.createdAt == .noon
            )
            let entry = try #require(try await registry.entry(of: user.id))
            #expect(entry.previousLastSeen == user.previousLastSeen && entry.keyCreatedAt == .noon)
        }
    }

    @Test(
        "who is registered already stays as they are, and all others of the batch come in",
        arguments: RegistryBackend.allCases)
    func again(backend: RegistryBackend) async throws {
        try await backend.withRegistry { registry in
            let before = try await registry.register(.sample("ab", key: "11:22:33", name: "of here"))
            try await registry.adopt([user("01"), user("ab"), user("ff")], now: .noon)
            try await registry.adopt([user("01")], now: .noon)
            #expect(try await registry.user(before.id) == before)
            #expect(try await registry.users(in: .all).map(\.id.short) == ["01000000", "ab000000", "ff000000"])
        }
    }
}
