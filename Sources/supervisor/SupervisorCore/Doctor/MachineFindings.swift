import CProcess
import Glibc
import ServiceSupport

/// Disk, descriptors and clock of this machine.
enum MachineFindings {
    /// Below this writes begin to fail soon.
    static let scarce: UInt64 = 100 << 20
    static let low: UInt64 = 1 << 30
    /// One for each of 4096 connections, three for each of 200 user files, and what each process needs for itself.
    static let descriptorsNeeded: UInt64 = 8_192

    static func disk(at path: String) -> Finding {
        // The data directory may not be there yet; then what it will be in counts.
        var existing = path
        while existing != "/", access(existing, F_OK) != 0 {
            existing = existing.lastIndex(of: "/").map { String(existing[..<$0]) } ?? "/"
            if existing.isEmpty { existing = "/" }
        }
        var info = statvfs()
        guard statvfs(existing, &info) == 0 else {
            return Finding("disk", .skipped, "\(existing) cannot be examined: \(SystemCall.text(errno))")
        }
        return disk(
            at: existing, bytes: UInt64(info.f_bavail) * UInt64(info.f_frsize), files: UInt64(info.f_favail),
            hasFileLimit: info.f_files > 0)
    }

    static func disk(at path: String, bytes: UInt64, files: UInt64, hasFileLimit: Bool) -> Finding {
        let text = "\(bytes >> 20) MiB are free at \(path)"
        if bytes < scarce {
            return Finding("disk", .failed, text, fix: "free some space: writes are refused when there is none")
        }
        if hasFileLimit, files < 1_000 {
            return Finding("disk", .failed, "only \(files) more files fit on \(path)", fix: "remove files there")
        }
        if bytes < low { return Finding("disk", .warning, text, fix: "free some space before it is used up") }
        return Finding("disk", .ok, text)
    }

    static func descriptors() -> Finding {
        var limit = rlimit()
        // Cannot fail for the process itself.
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return descriptors(hard: UInt64(limit.rlim_max))
    }

    /// Processes raise their own soft limit, so the hard one counts.
    static func descriptors(hard: UInt64) -> Finding {
        guard hard < descriptorsNeeded else { return Finding("file limit", .ok, "\(hard) open files are allowed") }
        return Finding(
            "file limit", .warning, "only \(hard) open files are allowed, full use takes \(descriptorsNeeded)",
            fix: "set LimitNOFILE=65536 in the unit, or lower MAX_CONNECTIONS and MAX_DB_CONNECTIONS")
    }

    static func clock() -> Finding {
        let answer = cprocess_clock_is_synchronised()
        return clock(year: currentYear(), isSynchronised: answer < 0 ? nil : answer > 0)
    }

    /// - Parameter isSynchronised: nil when the kernel does not tell.
    static func clock(year: Int, isSynchronised: Bool?) -> Finding {
        guard year >= 2026 else {
            return Finding(
                "clock", .failed, "the clock says it is the year \(year)",
                fix: "set it: rules count hours, and TLS needs the right day")
        }
        guard isSynchronised ?? true else {
            return Finding(
                "clock", .warning, "the kernel says that the clock is not synchronised",
                fix: "run a time service, such as systemd-timesyncd or chrony")
        }
        return Finding("clock", .ok, isSynchronised == nil ? "the clock seems right" : "the clock is synchronised")
    }

    private static func currentYear() -> Int {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        return Int(parts.tm_year) + 1_900
    }
}
