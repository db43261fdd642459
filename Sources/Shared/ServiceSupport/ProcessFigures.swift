import Foundation

/// What this process holds and has used, as the kernel tells it.
package struct ProcessFigures: Sendable, Equatable {
    /// Bytes in memory.
    package var resident: Int
    /// Bytes of data segments that were asked for, whether touched or not.
    package var data: Int
    /// Bytes in memory that belong to nobody else: heap and stacks.
    package var anonymous: Int
    /// Bytes in memory that are backed by files.
    package var files: Int
    /// Microseconds of processor time in our own code and in the kernel.
    package var userMicroseconds: Int
    package var systemMicroseconds: Int

    package init(
        resident: Int = 0, data: Int = 0, anonymous: Int = 0, files: Int = 0, userMicroseconds: Int = 0,
        systemMicroseconds: Int = 0
    ) {
        self.resident = resident
        self.data = data
        self.anonymous = anonymous
        self.files = files
        self.userMicroseconds = userMicroseconds
        self.systemMicroseconds = systemMicroseconds
    }

    /// Of this process, now. Reads a file of the kernel's, which does not block.
    package static func current() -> ProcessFigures {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let bytes = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
        let status = fields(String(decoding: bytes, as: UTF8.self))
        return ProcessFigures(
            resident: status["VmRSS"] ?? 0, data: status["VmData"] ?? 0, anonymous: status["RssAnon"] ?? 0,
            files: status["RssFile"] ?? 0, userMicroseconds: microseconds(usage.ru_utime),
            systemMicroseconds: microseconds(usage.ru_stime))
    }

    /// The lines `Name:  123 kB` in bytes.
    static func fields(_ text: String) -> [String: Int] {
        text.split(separator: "\n").reduce(into: [:]) { fields, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let words = parts.last?.split(whereSeparator: \.isWhitespace) ?? []
            guard parts.count == 2, words.count == 2, words[1] == "kB", let number = Int(words[0]) else { return }
            fields[String(parts[0])] = number * 1_024
        }
    }

    private static func microseconds(_ time: timeval) -> Int { Int(time.tv_sec) * 1_000_000 + Int(time.tv_usec) }
}
