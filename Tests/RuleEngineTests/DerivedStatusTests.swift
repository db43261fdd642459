import DomainModel
import RuleEngine
import Testing

@Suite struct DerivedStatusTests {
    private func status(active: Bool, finished: Bool, present: Bool, state: String? = nil) -> DerivedStatus {
        .of(
            .fixture {
                ($0.isActive, $0.isFinished, $0.isPresent, $0.downloadState) = (active, finished, present, state)
            })
    }

    @Test("active, finished and present decide when the state says nothing")
    func combinations() {
        #expect(status(active: false, finished: false, present: false) == .inactive)
        #expect(status(active: false, finished: true, present: false) == .inactive)
        #expect(status(active: false, finished: true, present: true) == .completed)
        #expect(status(active: true, finished: false, present: false) == .downloading)
        #expect(status(active: true, finished: true, present: true) == .seeding)
        #expect(status(active: true, finished: true, present: false) == .uploading)
        #expect(status(active: true, finished: false, present: true) == .unknown)
        #expect(status(active: false, finished: false, present: true) == .unknown)
    }

    @Test(
        "the state's text goes first, in any letter case",
        arguments: [
            ("failed (no space)", false, DerivedStatus.failed), ("FAILED", true, .seeding),
            ("stalled (no seeds)", true, .stalled),
            ("stalledUP", true, .stalled), ("stalledDL", false, .completed), ("metaDL", false, .metadl),
            ("forcedMetaDL", true, .metadl), ("checkingResumeData", true, .checkingResumeData),
            ("checking", true, .seeding),
            ("stalled and failed", false, .failed), ("\u{212A} checKingResumeData", true, .checkingResumeData),
        ])
    func texts(state: String, isActive: Bool, wanted: DerivedStatus) {
        #expect(status(active: isActive, finished: true, present: true, state: state) == wanted)
    }

    @Test(
        "a word is found wherever it stands and however it is written",
        arguments: ["failed", "stalled", "metadl", "checkingresumedata"])
    func words(word: String) {
        for text in [word, word.uppercased(), "x" + word, word + "x", "\u{E9} \(word)", "up \(word) 5"] {
            let shown = status(active: word != "failed", finished: true, present: true, state: text)
            #expect(shown.rawValue.filter { $0 != "_" } == word, "\(text)")
        }
    }

    @Test("a row that says it is queued is queued before all else")
    func queued() {
        #expect(DerivedStatus.of(.fixture { ($0.isMarkedQueued, $0.downloadState) = (true, "failed") }) == .queued)
        #expect(DerivedStatus.of(.fixture(isQueued: true)) == .queued)
    }

    @Test("a state that cannot be read is unknown")
    func unreadable() {
        #expect(DerivedStatus.of(.fixture { $0.hasUnreadableState = true }) == .unknown)
    }
}
