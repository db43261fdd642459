/// How the download of a row ends.
enum RowFate: Sendable, CaseIterable {
    case completes
    /// TorBox had it already: nothing is downloaded, nothing is seeded.
    case cachedAtOnce
    case stallsForever
    case neverFindsMetadata
    case pausedByUser
    case fails
    case incomplete
    /// Completes, and loses its files some time later.
    case losesFiles

    /// How many of a hundred rows of a generated library meet this fate.
    var share: Int {
        switch self {
        case .completes: 58
        case .cachedAtOnce: 22
        case .stallsForever: 6
        case .neverFindsMetadata, .pausedByUser, .fails: 3
        case .incomplete: 3
        case .losesFiles: 2
        }
    }

    var downloadsEverything: Bool { self == .completes || self == .losesFiles }

    static func drawn(from generator: inout SeededGenerator) -> RowFate {
        var draw = Int.random(in: 0..<100, using: &generator)
        for fate in allCases {
            draw -= fate.share
            if draw < 0 { return fate }
        }
        return .completes
    }
}
