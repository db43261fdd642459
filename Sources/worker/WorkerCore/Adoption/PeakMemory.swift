import Glibc

/// The most memory that this process has had.
enum PeakMemory {
    static var mebibytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        // In KiB, see getrusage(2).
        return usage.ru_maxrss >> 10
    }
}
