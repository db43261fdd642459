import Foundation

/// What the kernel says about processes.
package enum ProcessTable {
    /// The live children of a process by what they were started as: `worker 0`, `gateway`. Of two gateways, as there are
    /// after a reload, the younger.
    package static func children(of pid: Int32) -> [String: Int32] {
        var result: [String: Int32] = [:]
        for child in childPIDs(of: pid) {
            guard let name = role(of: child) else { continue }
            if let other = result[name], startTime(of: other) > startTime(of: child) { continue }
            result[name] = child
        }
        return result
    }

    /// Whether the process exists and is no zombie.
    package static func isAlive(_ pid: Int32) -> Bool {
        let state = statistics(of: pid).first
        return state != nil && state != "Z"
    }

    /// Open descriptors of a process; nil when it is gone.
    package static func descriptors(of pid: Int32) -> Int? {
        // Gone, or not ours: either way there is nothing to count.
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }

    static func childPIDs(of pid: Int32) -> [Int32] {
        // Every thread has its own list of children.
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.flatMap { task in
            (contents("/proc/\(pid)/task/\(task)/children") ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// In clock ticks since the system started; 0 for a process that is gone.
    private static func startTime(of pid: Int32) -> Int {
        // The 22nd field of proc(5), counted from the process's state, which is the third.
        statistics(of: pid).dropFirst(19).first.flatMap { Int($0) } ?? 0
    }

    /// The fields of `/proc/PID/stat` from the process's state on; none when it is gone.
    private static func statistics(of pid: Int32) -> [Substring] {
        guard let stat = contents("/proc/\(pid)/stat"), let close = stat.lastIndex(of: ")") else { return [] }
        return stat[stat.index(after: close)...].split(separator: " ")
    }

    private static func role(of pid: Int32) -> String? {
        guard isAlive(pid), let line = contents("/proc/\(pid)/cmdline") else { return nil }
        let words = line.split(separator: "\0").map(String.init)
        guard let program = words.first?.split(separator: "/").last else { return nil }
        if program == "api-gateway" { return "gateway" }
        guard program == "worker", let flag = words.firstIndex(of: "--index"), flag + 1 < words.count else {
            return nil
        }
        return "worker \(words[flag + 1])"
    }

    private static func contents(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
