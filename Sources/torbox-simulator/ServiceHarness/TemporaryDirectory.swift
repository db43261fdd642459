package import Foundation

/// A directory of its own that is gone afterwards. Its path is short, because Unix sockets in it may have 107 bytes.
package final class TemporaryDirectory: Sendable {
    package let url: URL

    package var path: String { url.path }

    package init(_ prefix: String = "tbx") throws {
        let name = "\(prefix)-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }  // What is left is in the temporary directory anyway.
}
