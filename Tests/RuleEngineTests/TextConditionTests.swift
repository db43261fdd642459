import DomainModel
import RuleEngine
import Testing

@Suite struct TextConditionTests {
    private func truth(_ test: String, _ value: String, in name: String?) throws -> Truth {
        try RuleEngineTests.truth(text("NAME", test, value), .fixture { $0.name = name })
    }

    @Test(
        "each operator, letter case aside",
        arguments: [
            ("contains", "BUNTU", true), ("contains", "debian", false), ("not_contains", "debian", true),
            ("not_contains", "ubuntu", false), ("equals", "UBUNTU 24", true), ("equals", "ubuntu", false),
            ("not_equals", "ubuntu", true), ("not_equals", "ubuntu 24", false), ("starts_with", "ubu", true),
            ("starts_with", "24", false), ("ends_with", "24", true), ("ends_with", "ubuntu", false),
            ("contains", "ubuntu 24 and more", false), ("starts_with", "ubuntu 24 and more", false),
        ])
    func operators(test: String, value: String, holds: Bool) throws {
        #expect(try truth(test, value, in: "Ubuntu 24") == Truth(holds))
    }

    @Test("a missing text is unknown also for the negations; an empty one is not")
    func missing() throws {
        for test in ["contains", "not_contains", "equals", "not_equals", "starts_with", "ends_with"] {
            #expect(try truth(test, "x", in: nil) == .unknown)
        }
        #expect(try truth("not_contains", "x", in: "") == .yes)
        #expect(try truth("equals", "x", in: "") == .no)
    }

    @Test(
        "lower case is Unicode's, without locale, and nothing is normalised",
        arguments: [
            ("ÜNÏCÖDÉ", "ünïcödé", true), ("İstanbul", "i\u{307}stanbul", true), ("İstanbul", "istanbul", false),
            ("STRASSE", "straße", false), ("Café", "cafe\u{301}", false), ("ΣΊΣΥΦΟΣ ΣΑΣ", "σίσυφος σας", true),
            ("ΣΑΣ", "σασ", false), ("ΑΣ.", "ας.", true), ("ΑΣΑ", "ασα", true), ("Σ", "σ", true),
            ("\u{212A}", "k", true),
        ])
    func unicode(name: String, value: String, isEqual: Bool) throws {
        #expect(try truth("equals", value, in: name) == Truth(isEqual))
    }

    @Test("texts are compared by code units, not by what looks like one letter")
    func codeUnits() throws {
        let family = "👨\u{200D}👩\u{200D}👧"
        #expect(try truth("starts_with", "👨", in: family) == .yes)
        #expect(try truth("contains", "👩", in: family) == .yes)
        #expect(try truth("contains", "e", in: "cafe\u{301}") == .yes)
        #expect(try truth("ends_with", "\u{301}", in: "cafe\u{301}") == .yes)
    }

    @Test("each type looks at its own field")
    func fields() throws {
        let item = DownloadItem.fixture { ($0.name, $0.tracker, $0.originalURL) = ("n", "t", "u") }
        #expect(try RuleEngineTests.truth(text("TRACKER", "equals", "T"), item) == .yes)
        #expect(try RuleEngineTests.truth(text("ORIGINAL_URL", "equals", "U"), item) == .yes)
    }
}
