import Foundation

/// What some processes hold at the moment.
package struct ProcessUsage: Sendable {
    /// KiB of memory, pages shared by several processes counted in parts.
    package var proportionalKiB = 0
    package var descriptors = 0
    package var sockets = 0

    package init(proportionalKiB: Int, descriptors: Int, sockets: Int) {
        self.proportionalKiB = proportionalKiB
        self.descriptors = descriptors
        self.sockets = sockets
    }

    /// Adds up what the processes hold; one that is gone counts nothing.
    package init(of pids: [Int32]) {
        for pid in pids { add(pid) }
    }

    private mutating func add(_ pid: Int32) {
        let files = FileManager.default
        // A process that has just ended has no folder any more.
        let descriptors = (try? files.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        self.descriptors += descriptors.count
        sockets += descriptors.count { name in
            (try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(name)"))?.hasPrefix("socket:") ?? false
        }
        guard let rollup = files.contents(atPath: "/proc/\(pid)/smaps_rollup") else { return }
        let line = String(decoding: rollup, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Pss:") }
        proportionalKiB += line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
