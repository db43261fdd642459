import Foundation
import Storage

/// A private directory in the system's place for such, gone afterwards.
struct Scratch: Sendable {
    let path: String

    init() throws {
        let name = "torbox-adopt-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...UInt32.max))"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try PrivateFiles.makeDirectory(path)
    }

    /// What cannot be removed is in the temporary directory anyway.
    func remove() { _ = try? PrivateFiles.removeTree(path) }
}
