import Foundation

/// A directory of a test's own for socket files, with a path short enough for them.
struct SocketPlace: Sendable {
    let directory: String
    var path: String { directory + "/worker-0.sock" }

    init() throws {
        let name = "wire-" + String(UInt64.random(in: .min ... .max), radix: 36)
        directory = FileManager.default.temporaryDirectory.appending(path: name).path()
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// Runs `body` with such a directory and removes it afterwards.
    static func with<Result>(_ body: (SocketPlace) async throws -> Result) async throws -> Result {
        let place = try SocketPlace()
        // Nothing is lost but a temporary directory.
        defer { try? FileManager.default.removeItem(atPath: place.directory) }
        return try await body(place)
    }
}
