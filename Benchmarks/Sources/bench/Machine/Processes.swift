import Foundation

/// What the kernel says about a process and its children.
enum Processes {
    /// The process and all that descend from it.
    static func tree(of pid: Int32) -> [Int32] {
        [pid] + children(of: pid).flatMap(tree)
    }

    static func children(of pid: Int32) -> [Int32] {
        // Every thread has a list of its own; a thread or process that has just ended has none.
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.flatMap { task in
            (contents("/proc/\(pid)/task/\(task)/children") ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// User + system time so far, seconds, threads that ended included.
    static func cpuSeconds(of pids: [Int32]) -> Double {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        return pids.reduce(0) { sum, pid in
            guard let stat = contents("/proc/\(pid)/stat"), let close = stat.lastIndex(of: ")") else { return sum }
            let fields = stat[stat.index(after: close)...].split(separator: " ")
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return sum }
            return sum + (user + system) / ticks
        }
    }

    /// Proportional set size, MB (1,000,000 bytes).
    static func pssMegabytes(of pids: [Int32]) -> Double {
        pids.reduce(0) { $0 + Double(kibibytes("Pss:", of: $1)) } * 1_024 / 1_000_000
    }

    static func descriptors(of pids: [Int32]) -> Int {
        // Gone, or not ours: there is nothing to count.
        pids.reduce(0) {
            $0 + ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\($1)/fd").count) ?? 0)
        }
    }

    /// Command line words.
    static func words(of pid: Int32) -> [String] {
        (contents("/proc/\(pid)/cmdline") ?? "").split(separator: "\0").map(String.init)
    }

    private static func kibibytes(_ field: String, of pid: Int32) -> Int {
        let line = contents("/proc/\(pid)/smaps_rollup")?.split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    private static func contents(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
