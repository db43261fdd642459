import Foundation
import Glibc

/// What the kernel says about this process, under the names that all Prometheus clients use.
package enum ProcessMetrics {
    package static func families() -> [MetricFamily] {
        var families = [
            MetricFamily.gauge("process_open_fds", "Open file descriptors.", Double(openDescriptors())),
            MetricFamily.gauge("process_max_fds", "Limit of open file descriptors.", Double(descriptorLimit())),
        ]
        if let memory = residentBytes() {
            families.append(.gauge("process_resident_memory_bytes", "Resident memory.", Double(memory)))
        }
        families.append(
            MetricFamily(
                "process_cpu_seconds_total", .counter, "User and system processor time.",
                samples: [MetricFamily.Sample(value: processorSeconds())]))
        return families
    }

    private static func openDescriptors() -> Int {
        // One of them is the directory that is being read. Without /proc there is nothing to count.
        max(0, ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).count - 1)
    }

    private static func descriptorLimit() -> UInt64 {
        var limit = rlimit()
        // Cannot fail for the process itself.
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(limit.rlim_cur)
    }

    private static func residentBytes() -> Int? {
        // Size, resident, shared and so on, in pages.
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
