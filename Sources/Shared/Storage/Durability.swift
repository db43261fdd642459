/// What an acknowledged write survives. In WAL mode neither level can corrupt a file.
package enum Durability: Sendable, Hashable {
    /// Survives `kill -9` of every process of ours; a power cut or kernel crash may lose the newest commits
    /// (`synchronous = NORMAL`). No commit waits for the disk, and what is lost, the next poll sees again.
    case processCrash
    /// Survives power cuts too, at one disk flush per commit (`synchronous = FULL`).
    case powerCut

    var pragmaValue: String {
        switch self {
        case .processCrash: "NORMAL"
        case .powerCut: "FULL"
        }
    }
}
