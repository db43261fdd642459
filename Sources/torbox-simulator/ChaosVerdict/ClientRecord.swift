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

    /// A request that changes the rules.
    package struct Write: Sendable, Equatable {
        /// Nil leaves the version as it is.
        package let version: Int?
        package let isToggleOn: Bool
        let number: Int
        /// Of the last attempt.
        var sentAt: Int

        func applied(to rules: Rules) -> Rules { Rules(version: version ?? rules.version, isToggleOn: isToggleOn) }
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
    /// What the rules may have been after the last acknowledged write, for all that the client knows.
    private var settled: Set<Rules> = []
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

    package var isToggleOn: Bool { acknowledged?.isToggleOn ?? true }

    /// The whole list is about to be sent.
    package mutating func begin(_ value: Rules, at now: Int) -> Write {
        begin(version: value.version, value.isToggleOn, at: now)
    }

    /// The switch of one rule is about to be sent.
    package mutating func beginToggle(_ isOn: Bool, at now: Int) -> Write { begin(version: nil, isOn, at: now) }

    private mutating func begin(version: Int?, _ isToggleOn: Bool, at now: Int) -> Write {
        writes += 1
        let write = Write(version: version, isToggleOn: isToggleOn, number: writes, sentAt: now)
        if isToggleOn, onSince == nil { onSince = now }
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
        settled = Set(acceptable.map(write.applied))
        unknown.removeAll { $0.number == write.number || $0.sentAt <= now - Self.linger }
        // An earlier request to switch on whose fate is unknown keeps the time open.
        guard !write.isToggleOn, !unknown.contains(where: \.isToggleOn), let since = onSince else { return }
        onTimes.append(since...(now + Self.callUnderWay))
        onSince = nil
    }

    /// What a read may show: what was acknowledged, changed by any of the writes whose fate is unknown, in any order.
    package var acceptable: Set<Rules> {
        let lists = unknown.compactMap { write in
            write.version.map { Rules(version: $0, isToggleOn: write.isToggleOn) }
        }
        var states = settled.union(lists)
        var fresh = states
        while !fresh.isEmpty {
            fresh = Set(fresh.flatMap { state in unknown.map { $0.applied(to: state) } }).subtracting(states)
            states.formUnion(fresh)
        }
        return states
    }

    func mayBeOn(at milliseconds: Int) -> Bool {
        onSince.map { $0 <= milliseconds } ?? false || onTimes.contains { $0.contains(milliseconds) }
    }
}
