import DomainModel
import Foundation

/// The recorded cases beside the package, when they are there.
enum ConformanceCases {
    /// `../shared/conformance/rules.jsonl` from the package's root, found upwards from this file.
    static func lines(from file: String = #filePath) -> [[UInt8]]? {
        var folder = URL(filePath: file).deletingLastPathComponent()
        while folder.path.count > 1,
            !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder = folder.deletingLastPathComponent()
        }
        let path = folder.deletingLastPathComponent().appending(path: "shared/conformance/rules.jsonl")
        guard let data = try? Data(contentsOf: path) else { return nil }  // Absent is an answer: nothing to check.
        return data.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}
