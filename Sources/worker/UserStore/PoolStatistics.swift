/// How the pool of open files is doing, counted since it was made where not said otherwise.
package struct PoolStatistics: Sendable, Equatable {
    /// Most files open at once.
    package var limit: Int
    /// Files open, being opened or being closed now.
    package var open: Int
    /// Of those, not idle: in use, or being opened or closed.
    package var inUse: Int
    /// Callers that wait now because every file is in use.
    package var waiting: Int
    /// Uses that found the file open.
    package var hits = 0
    /// Uses that had to open the file.
    package var misses = 0
    /// Files closed to make room.
    package var evictions = 0
}
