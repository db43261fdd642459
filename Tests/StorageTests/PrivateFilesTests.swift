import Foundation
import Storage
import Testing

@Suite struct PrivateFilesTests {
    enum Way: CaseIterable { case asItGoes, unnamed, draft }

    @Test("of many that write the same new file at once, one wins and the file is whole", arguments: Way.allCases)
    func oneWins(by way: Way) async throws {
        try await withTemporaryFolder { folder in
            let contents = (UInt8(0)..<16).map { [UInt8](repeating: $0, count: 50_000) }
            let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
                for content in contents {
                    group.addTask {
                        try await Blocking.run {
                            try Self.write(content, toNew: "\(folder)/file", by: way) ? content[0] : nil
                        }
                    }
                }
                return try await group.reduce(into: [UInt8]()) { if let winner = $1 { $0.append(winner) } }
            }
            #expect(winners.count == 1)
            let winner = try #require(winners.first)
            #expect(try PrivateFiles.read("\(folder)/file", limit: 100_000) == contents[Int(winner)])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"], "no drafts are left")
            #expect(!PrivateFiles.isOpenToOthers("\(folder)/file"))
        }
    }

    /// Where files without a name are unknown, the draft's way is the only one.
    private static func write(_ bytes: [UInt8], toNew path: String, by way: Way) throws -> Bool {
        switch way {
        case .asItGoes: try PrivateFiles.write(bytes, toNew: path)
        case .unnamed:
            if let isNew = try PrivateFiles.writeUnnamed(bytes, toNew: path) {
                isNew
            } else {
                try PrivateFiles.writeDraft(bytes, toNew: path)
            }
        case .draft: try PrivateFiles.writeDraft(bytes, toNew: path)
        }
    }

    @Test("a missing file reads as nil, an unreadable one as an error, a long one up to the limit") func reading()
        async throws
    {
        try await withTemporaryFolder { folder in
            #expect(try PrivateFiles.read("\(folder)/none", limit: 10) == nil)
            #expect(try storageCode { _ = try PrivateFiles.read(folder, limit: 10) } == .cannotOpen)
            try PrivateFiles.write(Array("hello".utf8), toNew: "\(folder)/file")
            #expect(try PrivateFiles.read("\(folder)/file", limit: 4) == Array("hell".utf8))
        }
    }

    @Test("existing directories keep their mode") func keepsModes() async throws {
        try await withTemporaryFolder { folder in
            let inner = "\(folder)/inner"
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
            try PrivateFiles.makeDirectory(inner)
            #expect(try FileManager.default.attributesOfItem(atPath: inner)[.posixPermissions] as? Int == 0o755)
            #expect(PrivateFiles.isOpenToOthers(inner))
        }
    }
}
