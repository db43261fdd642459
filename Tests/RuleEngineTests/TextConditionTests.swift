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

    /// What a search that does not fold the name relies on.
    @Test("only two letters beyond ASCII become letters of ASCII") func becomingASCII() {
        let found = (UInt32(0x80)...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
            scalar.properties.lowercaseMapping.utf8.contains { $0 < 0x80 }
        }
        #expect(found == ["\u{130}", "\u{212A}"])
    }

    @Test(
        "a value of ASCII is found in names beyond it as in their lower case",
        arguments: [
            "Ünï I", "İ", "xİk", "\u{212A}", "ü\u{212A}İ", "\u{212B}k", "ĲK", "ăŁi", "k\u{307}", "漢字K", "Ω i", "É",
        ])
    func asciiValues(name: String) throws {
        let folded = Array(name.lowercased().utf8)
        for value in ["k", "K", "i", "i ", "x", " I", "xi", "ik", "n", "ki", "e"] {
            let bytes = Array(value.lowercased().utf8)
            let places = folded.indices.filter { folded[$0...].starts(with: bytes) }
            #expect(try truth("contains", value, in: name) == Truth(!places.isEmpty), "\(value)")
            #expect(try truth("starts_with", value, in: name) == Truth(places.first == 0), "\(value)")
            #expect(
                try truth("ends_with", value, in: name) == Truth(places.last == folded.count - bytes.count), "\(value)")
            #expect(try truth("equals", value, in: name) == Truth(folded == bytes), "\(value)")
        }
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
