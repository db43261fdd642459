import Testing

@testable import WorkerCore

@Suite struct KnownStatesTests {
    @Test(
        "states that TorBox is known to send are known, whatever their case and note",
        arguments: [
            "downloading", "metaDL", "stalled (no seeds)", "uploading (no peers)",
            "failed (Aborted, cannot be completed)",
            "checkingResumeData", "missingFiles", "Direct Unpack: Completed", "reported missing", "stopped seeding",
            "Extracting 3/7", "cached", "completed", " paused ", "",
        ])
    func known(state: String) { #expect(KnownStates.contains(state)) }

    @Test(
        "a text that is not listed is not known, also when a known word is in it",
        arguments: ["quantum flux", "downloading backwards", "not failed", "(paused)x", "uploading2"])
    func unknown(state: String) { #expect(!KnownStates.contains(state)) }
}
