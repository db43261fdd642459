import CMalloc

/// How the process's allocator deals with large blocks.
package enum Allocator {
    /// In bytes; the answer to a list of some 700 downloads and more.
    private static let largeBlock: Int32 = 1 << 20
    /// What a heap may keep unused at its end, in bytes: less would be given back, and fetched again, at every poll.
    private static let keptUnused: Int32 = 4 << 20

    /// Gives large blocks back to the system as soon as they are freed. By itself glibc raises the size from which it does so
    /// to that of the largest block seen, up to 32 MiB, and lists that were read long ago stay part of the process.
    package static func returnLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, largeBlock)
        mallopt(M_TRIM_THRESHOLD, keptUnused)
    }
}
