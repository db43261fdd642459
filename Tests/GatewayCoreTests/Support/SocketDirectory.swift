import Foundation
import Sharding

/// A directory for Unix sockets, with a path short enough for them, removed at the end.
struct SocketDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/gw-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func socket(of worker: Int) -> String { WorkerAddress.socketPath(runtimeDirectory: path, worker: worker) }

    func remove() {
        // What a test leaves among temporary files harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
