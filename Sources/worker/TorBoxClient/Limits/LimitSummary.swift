/// How near the keys of a worker are to TorBox's limits.
package struct LimitSummary: Sendable, Equatable {
    /// Calls left to us in the tightest open window, the user's reserve taken off; the whole allowance of a minute when
    /// TorBox has said nothing lately.
    package var lowestHeadroom: Int
    /// Keys and endpoints that have to wait because TorBox said so.
    package var blockedKeys: Int
}
