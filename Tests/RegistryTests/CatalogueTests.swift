import DomainModel
import Registry
import Testing

/// What an administrator gets to see of the registry, whatever it is kept in.
@Suite struct CatalogueTests {
    static let prefixes = ["0a", "1b", "2c", "3d", "4e"]

    /// Five users, registered a minute apart; the third is inactive, the last two were seen.
    private func withUsers(_ backend: RegistryBackend, _ body: (any UserRegistry) async throws -> Void) async throws {
        try await backend.withRegistry { registry in
            for (number, prefix) in Self.prefixes.enumerated() {
                try await registry.register(
                    .sample(
                        prefix, name: number == 4 ? nil : "Key \(9 - number)",
                        at: .noon.advanced(bySeconds: Int64(number) * 60)))
            }
            try await registry.setStatus(.sample("2c"), .inactive, reason: nil, now: .noon)
            try await registry.setHasActiveRules(.sample("1b"), true, nextDue: .noon)
            try await registry.touch(lastSeen: [
                .sample("3d"): .noon, .sample("4e"): .noon.advanced(bySeconds: 86_400),
            ])
            try await body(registry)
        }
    }

    private func found(_ registry: any UserRegistry, _ query: CatalogueQuery) async throws -> [String] {
        try await registry.page(query).entries.map { String($0.id.hex.prefix(2)) }
    }

    @Test("pages follow each other without gaps, newest first by default", arguments: RegistryBackend.allCases)
    func pages(backend: RegistryBackend) async throws {
        try await withUsers(backend) { registry in
            var seen: [String] = []
            for offset in stride(from: 0, to: 6, by: 2) {
                let page = try await registry.page(CatalogueQuery(offset: offset, limit: 2))
                #expect(page.total == 5)
                seen += page.entries.map { String($0.id.hex.prefix(2)) }
            }
            #expect(seen == ["4e", "3d", "2c", "1b", "0a"])
            let rising = try await found(registry, CatalogueQuery(sort: .id, isAscending: true))
            #expect(rising == Self.prefixes)
        }
    }

    @Test("every column sorts both ways", arguments: RegistryBackend.allCases, CatalogueQuery.Sort.allCases)
    func sorts(backend: RegistryBackend, sort: CatalogueQuery.Sort) async throws {
        try await withUsers(backend) { registry in
            let rising = try await found(registry, CatalogueQuery(sort: sort, isAscending: true))
            let falling = try await found(registry, CatalogueQuery(sort: sort, isAscending: false))
            #expect(rising.count == 5)
            #expect(rising == falling.reversed())
        }
        try await withUsers(backend) { registry in
            let byName = try await found(registry, CatalogueQuery(sort: .keyName, isAscending: false))
            let bySeen = try await found(registry, CatalogueQuery(sort: .lastSeen, isAscending: false))
            #expect(byName.first == "0a")
            #expect(bySeen.prefix(2) == ["4e", "3d"])
        }
    }

    @Test("conditions narrow the list together", arguments: RegistryBackend.allCases)
    func conditions(backend: RegistryBackend) async throws {
        try await withUsers(backend) { registry in
            let seenAtNoon = CatalogueQuery.LastSeen(from: .noon)
            let seenUntilNoon = CatalogueQuery.LastSeen(before: .noon.advanced(bySeconds: 1))
            let notSinceNoon = CatalogueQuery.LastSeen(before: .noon, includesNever: true)
            let cases: [(CatalogueQuery, [String])] = [
                (CatalogueQuery(status: "inactive"), ["2c"]),
                (CatalogueQuery(search: "kEY 7"), ["2c"]),
                (CatalogueQuery(search: "4E000"), ["4e"]),
                (CatalogueQuery(search: "%"), []),
                (CatalogueQuery(ids: [.sample("1b"), .sample("ff")]), ["1b"]),
                (CatalogueQuery(ids: []), []),
                (CatalogueQuery(lastSeen: seenAtNoon), ["3d", "4e"]),
                (CatalogueQuery(lastSeen: seenUntilNoon), ["3d"]),
                (CatalogueQuery(lastSeen: notSinceNoon), ["0a", "1b", "2c"]),
                (CatalogueQuery(status: "active", lastSeen: notSinceNoon), ["0a", "1b"]),
            ]
            for (query, expected) in cases {
                var query = query
                (query.sort, query.isAscending) = (.id, true)
                let ids = try await found(registry, query)
                #expect(ids == expected, "\(query)")
            }
        }
    }

    @Test("an entry has what was written", arguments: RegistryBackend.allCases)
    func entry(backend: RegistryBackend) async throws {
        try await withUsers(backend) { registry in
            let found = try await registry.entry(of: .sample("1b"))
            let entry = try #require(found)
            #expect(entry.keyName == "Key 8" && entry.isKeyActive == true && entry.isActive)
            #expect(entry.hasActiveRules && entry.nextDue == .noon)
            #expect(entry.createdAt == .noon.advanced(bySeconds: 60) && entry.keyCreatedAt == entry.createdAt)
            #expect(entry.uploadTier == "limited" && entry.retainedFiles == 0 && entry.lastSeen == nil)
            let other = try await registry.entry(of: .sample("2c"))
            let inactive = try #require(other)
            #expect(!inactive.isActive && inactive.isKeyActive == false)
            let nobody = try await registry.entry(of: .sample("ff"))
            #expect(nobody == nil)
            let some = try await registry.entries(in: Slot(0x1b)...Slot(0x2c))
            #expect(some.map(\.id) == [.sample("1b"), .sample("2c")])
        }
    }

    @Test("a tier is set for those who are there", arguments: RegistryBackend.allCases)
    func tier(backend: RegistryBackend) async throws {
        try await withUsers(backend) { registry in
            let isSet = try await registry.setUploadTier(.sample("1b"), "unlimited", now: .noon)
            let entry = try await registry.entry(of: .sample("1b"))
            #expect(isSet && entry?.uploadTier == "unlimited")
            let isUnknown = try await !registry.setUploadTier(.sample("ff"), "unlimited", now: .noon)
            #expect(isUnknown)
        }
    }

    @Test("the registry knows its size", arguments: RegistryBackend.allCases)
    func figures(backend: RegistryBackend) async throws {
        try await withUsers(backend) { registry in
            let figures = try await registry.figures()
            #expect(figures.bytes > 4_096)
            #expect(figures.tableCounts["user_registry"] == 5)
            #expect(figures.tableCounts["api_keys"] == 5)
            let stray = try await registry.strayKeys(in: .all)
            #expect(stray.isEmpty)
        }
    }
}
