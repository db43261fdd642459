import TorBoxSimulator

/// What one user's client knows: acknowledged writes, and those whose fate it was never told.
struct ChaosRecord: Sendable {
    /// What a read of the rules must show.
    struct Rules: Sendable, Hashable {
        var version: Int
        var isToggleOn: Bool
    }

    struct Write: Sendable {
        var value: Rules
        /// Unix milliseconds.
        var sentAt: Int
    }

    struct Mapping: Sendable, Hashable {
        var download: Int64
        var tag: Int64
    }

    var ruleIDs: [String: Int64] = [:]
    var lastVersion = 0
    var lastTag = 0
    var lastArchived = 0
    var tags: [String: Int64] = [:]
    var mappings: Set<Mapping> = []
    var archived: Set<String> = []
    private(set) var acknowledged: Write?
    private var unknown: [Write] = []
    /// Times, Unix milliseconds, in which the rule that is toggled may have been on; the last may be open.
    private(set) var onTimes: [ClosedRange<Int>] = []
    private var onSince: Int?

    /// A request without an answer may still be carried out for so long.
    private static let lingerMilliseconds = 15_000
    /// A call that was under way when its rule was switched off may arrive this much later.
    private static let callUnderWay = 5_000

    var isToggleOn: Bool { acknowledged?.value.isToggleOn ?? true }

    mutating func begin(_ value: Rules) -> Write {
        let write = Write(value: value, sentAt: RealTime.milliseconds())
        if value.isToggleOn, onSince == nil { onSince = write.sentAt }
        unknown.append(write)
        return write
    }

    mutating func acknowledge(_ write: Write) {
        acknowledged = write
        unknown.removeAll { $0.sentAt <= write.sentAt - Self.lingerMilliseconds || $0.sentAt == write.sentAt }
        // An earlier request to switch on whose fate is unknown keeps the time open.
        guard !write.value.isToggleOn, !unknown.contains(where: \.value.isToggleOn), let since = onSince else { return }
        onTimes.append(since...(RealTime.milliseconds() + Self.callUnderWay))
        onSince = nil
    }

    /// What a read may show: the last acknowledged write, or one whose fate is unknown.
    var acceptable: Set<Rules> { Set(unknown.map(\.value) + (acknowledged.map { [$0.value] } ?? [])) }

    func mayBeOn(at milliseconds: Int) -> Bool {
        onSince.map { $0 <= milliseconds } ?? false || onTimes.contains { $0.contains(milliseconds) }
    }
}
