import Foundation
import Glibc

/// What the kernel says about this process.
package struct ProcessFacts: Sendable, Equatable {
    /// Bytes in memory.
    package var residentBytes: Int64
    /// Bytes of data that were asked for, and of those the ones in memory.
    package var dataBytes: Int64
    package var anonymousBytes: Int64
    /// Microseconds of processor time.
    package var userMicroseconds: Int64
    package var systemMicroseconds: Int64

    /// As of now. What the kernel does not tell is 0. Reads `/proc`, which does not wait for a disk.
    package static func current() -> ProcessFacts {
        let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
        let sizes = sizes(in: text ?? "")
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessFacts(
            residentBytes: sizes["VmRSS"] ?? 0, dataBytes: sizes["VmData"] ?? 0,
            anonymousBytes: sizes["RssAnon"] ?? 0, userMicroseconds: microseconds(usage.ru_utime),
            systemMicroseconds: microseconds(usage.ru_stime))
    }

    /// Bytes by name, from lines such as `VmRSS:     12345 kB`.
    static func sizes(in status: String) -> [String: Int64] {
        status.split(separator: "\n").reduce(into: [:]) { sizes, line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ":" })
            guard words.count == 3, words[2] == "kB", let number = Int64(words[1]) else { return }
            sizes[String(words[0])] = number * 1_024
        }
    }

    private static func microseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_usec)
    }
}
