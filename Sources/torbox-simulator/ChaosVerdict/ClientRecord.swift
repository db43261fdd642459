/// What one user's client knows: acknowledged writes, and those whose fate it was never told. Times are Unix milliseconds.
package struct ClientRecord: Sendable {
    /// What a read of the rules must show.
    package struct Rules: Sendable, Hashable {
        package var version: Int
        package var isToggleOn: Bool

        package init(version: Int, isToggleOn: Bool) {
            self.version = version
            self.isToggleOn = isToggleOn
        }
    }

    package struct Write: Sendable, Equatable {
        package let number: Int
        package let value: Rules
        /// Of the last attempt.
        var sentAt: Int
    }

    package struct Mapping: Sendable, Hashable {
        package var download: Int64
        package var tag: Int64

        package init(download: Int64, tag: Int64) {
            self.download = download
            self.tag = tag
        }
    }

    package var tags: [String: Int64] = [:]
    package var mappings: Set<Mapping> = []
    package var archived: Set<String> = []
    /// Ids of downloads.
    package var protected: Set<String> = []
    package private(set) var acknowledged: Write?
    private var unknown: [Write] = []
    private var writes = 0
    /// Times in which the rule that is toggled may have been on, besides the one since ``onSince``.
    private var onTimes: [ClosedRange<Int>] = []
    private var onSince: Int?

    /// A request without an answer may still be carried out for so long.
    static let linger = 15_000
    /// A call that was under way when its rule was switched off may arrive this much later.
    static let callUnderWay = 5_000

    package init() {}

    package var isToggleOn: Bool { acknowledged?.value.isToggleOn ?? true }

    /// A write is about to be sent.
    package mutating func begin(_ value: Rules, at now: Int) -> Write {
        writes += 1
        let write = Write(number: writes, value: value, sentAt: now)
        if value.isToggleOn, onSince == nil { onSince = now }
        unknown.append(write)
        return write
    }

    /// The same write is sent once more.
    package mutating func resend(_ write: Write, at now: Int) {
        guard let index = unknown.firstIndex(where: { $0.number == write.number }) else { return }
        unknown[index].sentAt = now
    }

    package mutating func acknowledge(_ write: Write, at now: Int) {
        acknowledged = write
        unknown.removeAll { $0.number == write.number || $0.sentAt <= now - Self.linger }
        // An earlier request to switch on whose fate is unknown keeps the time open.
        guard !write.value.isToggleOn, !unknown.contains(where: \.value.isToggleOn), let since = onSince else { return }
        onTimes.append(since...(now + Self.callUnderWay))
        onSince = nil
    }

    /// What a read may show: the last acknowledged write, or one whose fate is unknown.
    package var acceptable: Set<Rules> { Set(unknown.map(\.value) + (acknowledged.map { [$0.value] } ?? [])) }

    func mayBeOn(at milliseconds: Int) -> Bool {
        onSince.map { $0 <= milliseconds } ?? false || onTimes.contains { $0.contains(milliseconds) }
    }
}
