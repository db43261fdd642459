package import ServiceHarness

/// What the service's processes held before the storm, and hold after it, with as many workers.
package struct UsageChange: Sendable {
    package var before: ProcessUsage
    package var after: ProcessUsage

    package init(before: ProcessUsage, after: ProcessUsage) {
        self.before = before
        self.after = after
    }

    /// What did not go back to where it was. The allowance is for what may rightly differ: caches that are warmer,
    /// connections kept alive for the next request.
    package var leaks: [String] {
        [
            leak("KiB of memory", before.proportionalKiB, after.proportionalKiB, allowance: 65_536),
            leak("descriptors", before.descriptors, after.descriptors, allowance: 48),
            leak("sockets", before.sockets, after.sockets, allowance: 48),
        ].compactMap(\.self)
    }

    private func leak(_ what: String, _ before: Int, _ after: Int, allowance: Int) -> String? {
        after > before * 5 / 4 + allowance ? "\(after) \(what), \(before) before" : nil
    }
}

extension UsageChange: CustomStringConvertible {
    package var description: String {
        "Held before and after: \(before.proportionalKiB) and \(after.proportionalKiB) KiB of memory, "
            + "\(before.descriptors) and \(after.descriptors) descriptors, \(before.sockets) and \(after.sockets) sockets"
    }
}
