import DomainModel
import RuleEngine
import Testing

@Suite struct FlagStatusTagTests {
    @Test("each flag condition looks at its own flag")
    func flags() throws {
        let changes: [(String, (inout DownloadItem) -> Void)] = [
            ("PRIVATE", { $0.isPrivate = true }), ("CACHED", { $0.isCached = true }),
            ("ALLOW_ZIP", { $0.allowsZip = true }),
            ("IS_ACTIVE", { $0.isActive = true }), ("IS_AIRLOCKED", { $0.isAirlocked = true }),
            ("SEEDING_ENABLED", { $0.isSeedingEnabled = true }), ("LONG_TERM_SEEDING", { $0.isLongTermSeeding = true }),
        ]
        for (type, change) in changes {
            let isTrue = #"{"type":"\#(type)","operator":"is_true","value":null}"#
            #expect(try truth(isTrue, .fixture(change)) == .yes, "\(type)")
            #expect(try truth(isTrue, .fixture()) == .no, "\(type)")
            #expect(
                try truth(#"{"type":"\#(type)","operator":"is_false","value":true}"#, .fixture()) == .yes, "\(type)")
        }
    }

    @Test(
        "without operator the value is read as a flag",
        arguments: [("true", true), ("1", true), ("\"true\"", true), ("0", false), ("null", false)])
    func plainValue(value: String, wanted: Bool) throws {
        #expect(try truth(#"{"type":"CACHED","value":\#(value)}"#, .fixture { $0.isCached = wanted }) == .yes)
        #expect(try truth(#"{"type":"CACHED","value":\#(value)}"#, .fixture { $0.isCached = !wanted }) == .no)
    }

    @Test("a flag compared as a number is 1 or 0, and unknown against what is no number")
    func numbers() throws {
        let on = DownloadItem.fixture { $0.isCached = true }
        #expect(try truth(number("CACHED", "eq", "1"), on) == .yes)
        #expect(try truth(number("CACHED", "lt", "1"), on) == .no)
        #expect(try truth(number("CACHED", "eq", "true"), on) == .unknown)
    }

    @Test("any of and none of the states named; naming none holds for nothing")
    func statuses() throws {
        let item = DownloadItem.fixture { $0.isActive = true }
        func truth(_ test: String, _ list: String) throws -> Truth {
            try RuleEngineTests.truth(#"{"type":"STATUS","operator":"\#(test)","value":\#(list)}"#, item)
        }
        #expect(try truth("is_any_of", #"["downloading","queued"]"#) == .yes)
        #expect(try truth("is_any_of", #"["Downloading","nonsense",null]"#) == .no)
        #expect(try truth("is_none_of", #"["queued"]"#) == .yes)
        #expect(try truth("is_none_of", #"["downloading"]"#) == .no)
        #expect(try truth("is_none_of", "[]") == .no)
        #expect(try truth("is_any_of", "[]") == .no)
        #expect(try truth("is_all_of", #"["downloading"]"#) == .unknown)
        #expect(
            try RuleEngineTests.truth(
                #"{"type":"STATUS","value":["downloading"]}"#, .fixture { $0.hasUnreadableState = true })
                == .unknown)
    }

    @Test("tags: any, all, none, set and not set")
    func tags() throws {
        let context = EvaluationContext.fixture { $0.tags[ItemKey(asset: .torrent, id: 1)] = [1, 2] }
        func truth(_ test: String, _ list: String, _ item: DownloadItem = .fixture()) throws -> Truth {
            try RuleEngineTests.truth(#"{"type":"TAGS","operator":"\#(test)","value":\#(list)}"#, item, context)
        }
        for (any, all, none) in [("is_any_of", "is_all_of", "is_none_of"), ("has_any", "has_all", "has_none")] {
            #expect(try truth(any, "[2,9]") == .yes)
            #expect(try truth(all, "[2,9]") == .no)
            #expect(try truth(all, #"["1",2]"#) == .yes)
            #expect(try truth(none, "[9]") == .yes)
            #expect(try truth(none, "[2]") == .no)
        }
        #expect(try truth("is_set", "[]") == .yes)
        #expect(try truth("is_not_set", "[]") == .no)
        #expect(try truth("is_not_set", "[]", .fixture(id: 2)) == .yes)
        #expect(try truth("is_not_set", "[]", .fixture(isQueued: true)) == .yes)
    }

    @Test(
        "tag ids are read by leading number; what is none is dropped, and dropping all holds for nothing",
        arguments: [
            (#"["2abc"]"#, Truth.no), ("[[2]]", .no), ("[1.5]", .yes), ("[-1]", .yes), (#"["x"]"#, .no),
            ("[null]", .no), ("[true]", .no),
            ("[]", .no), (#"[" 2"]"#, .no), (#"["x",9]"#, .yes),
        ])
    func tagIDs(list: String, noneOf: Truth) throws {
        let context = EvaluationContext.fixture { $0.tags[ItemKey(asset: .torrent, id: 1)] = [1, 2] }
        #expect(try truth(#"{"type":"TAGS","operator":"has_none","value":\#(list)}"#, .fixture(), context) == noneOf)
    }
}
