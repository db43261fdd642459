import DomainModel
import Foundation
import NIOCore
import Storage
import Testing
import UserStore
import WireProtocol

@testable import WorkerCore

/// Backups and restores of real files.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AdminDatabaseTests {
    private func backUp(_ bench: WorkerBench) async throws -> String {
        let answer = await bench.ask(Operation.Admin.backUp)
        return try #require(answer["backup"]?["filename"]?.stringValue)
    }

    private func addTag(_ name: String, _ bench: WorkerBench) async {
        #expect(await bench.ask(Operation.createTag, json: "{\"name\":\"\(name)\"}").status == 200)
    }

    private func tags(_ bench: WorkerBench) async -> [String] {
        (await bench.ask(Operation.listTags)["tags"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    @Test("a backup has the contract's name, is listed newest first, and comes down byte for byte")
    func download() async throws {
        try await WorkerBench.run { bench in
            await addTag("kept", bench)
            let first = try await backUp(bench)
            #expect(first.wholeMatch(of: /user_[0-9a-f]{8}_2026-08-20T12-00-00-\d{3}Z\.db/) != nil)
            let second = try await backUp(bench)
            let list = await bench.ask(Operation.Admin.listBackups)["backups"]?.arrayValue ?? []
            #expect(list.map { $0["filename"]?.stringValue } == [second, first])
            let members = Set((list.first?.objectValue ?? [:]).keys)
            #expect(members.isSuperset(of: ["size", "size_formatted", "created", "modified"]))
            let response = await bench.parts.router.answer(
                Request(
                    operation: Operation.Admin.downloadBackup, user: bench.user, timeout: .seconds(10),
                    parameters: ["filename": first]))
            guard case .stream(let parts) = response.body else { throw WorkerBench.NoAnswer() }
            var bytes = ByteBuffer()
            for try await part in parts {
                #expect(part.readableBytes <= FileParts.partBytes)
                bytes.writeImmutableBuffer(part)
            }
            let path = try #require(list.last?["path"]?.stringValue)
            #expect(Data(bytes.readableBytesView) == FileManager.default.contents(atPath: path))
            #expect(BackupCheck.problems(at: path) == [])
        }
    }

    @Test(
        "nothing but backups of this user can be asked for",
        arguments: ["../master.db", "user_00000000_1.db/..", "user_zzzzzzzz_1.db", "", "master.db", "user_0_1.db"])
    func names(name: String) async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.ask(Operation.Admin.downloadBackup, ["filename": name]).status == 400)
            let restore = await bench.ask(Operation.Admin.restoreBackup, json: "{\"filename\":\"\(name)\"}")
            #expect(restore.status == 400)
            let other = await bench.ask(Operation.Admin.downloadBackup, ["filename": "user_00000000_1.db"])
            #expect(other.status == 404)
        }
    }

    @Test("a sound file is not overwritten, unless asked for, and then kept as a backup")
    func refusesToOverwrite() async throws {
        try await WorkerBench.run { bench in
            await addTag("old", bench)
            let backup = try await backUp(bench)
            await addTag("new", bench)
            let refused = await bench.ask(Operation.Admin.restoreBackup, json: "{\"filename\":\"\(backup)\"}")
            #expect(refused.status == 409 && refused["code"] == .string("DATABASE_EXISTS"))
            #expect(await tags(bench) == ["new", "old"])
            let answer = await bench.ask(
                Operation.Admin.restoreBackup, json: "{\"filename\":\"\(backup)\",\"replace\":true}")
            #expect(answer.status == 200)
            #expect(await tags(bench) == ["old"])
            let previous = try #require(answer["previous_backup"]?.stringValue)
            let back = await bench.ask(
                Operation.Admin.restoreBackup, json: "{\"filename\":\"\(previous)\",\"replace\":true}")
            #expect(back.status == 200)
            #expect(await tags(bench) == ["new", "old"])
        }
    }

    @Test("a damaged file is replaced and kept aside, a missing one is replaced; rules run again")
    func restores() async throws {
        try await WorkerBench.run { bench in
            await addTag("kept", bench)
            try await bench.postRule(action: #"{"type":"delete"}"#)
            let backup = try await backUp(bench)
            let path = bench.parts.pool.path(of: bench.user)
            try await bench.parts.pool.withClosedFile(of: bench.user) { path in
                PrivateFiles.removeDatabase(path)
                try PrivateFiles.write(Array(String(repeating: "no database ", count: 1_000).utf8), toNew: path)
            }
            #expect(await bench.ask(Operation.listTags).status == 503)
            let answer = await bench.ask(Operation.Admin.restoreBackup, json: "{\"filename\":\"\(backup)\"}")
            #expect(answer.status == 200)
            #expect(await tags(bench) == ["kept"])
            #expect(await bench.parts.scheduler.due(of: bench.user) != nil)
            let aside = try #require(answer["damaged_file"]?.stringValue)
            let folder = "\(bench.folder)/users/backups/\(bench.user.hex)"
            #expect(
                FileManager.default.contents(atPath: "\(folder)/\(aside)")?.starts(with: Data("no database".utf8))
                    == true)
            try await bench.parts.pool.withClosedFile(of: bench.user) { PrivateFiles.removeDatabase($0) }
            #expect(await bench.ask(Operation.Admin.restoreBackup, json: "{\"filename\":\"\(backup)\"}").status == 200)
            #expect(await tags(bench) == ["kept"])
            #expect(PrivateFiles.isOpenToOthers(path) == false)
        }
    }

    @Test("a damaged backup is not restored") func damagedBackup() async throws {
        try await WorkerBench.run { bench in
            let backup = try await backUp(bench)
            let path = "\(bench.folder)/users/backups/\(bench.user.hex)/\(backup)"
            try Data("nothing of use".utf8).write(to: URL(fileURLWithPath: path))
            try await bench.parts.pool.withClosedFile(of: bench.user) { PrivateFiles.removeDatabase($0) }
            let answer = await bench.ask(Operation.Admin.restoreBackup, json: "{\"filename\":\"\(backup)\"}")
            #expect(answer.status == 422 && answer["code"] == .string("BACKUP_DAMAGED"))
            #expect(!bench.parts.pool.fileExists(for: bench.user))
        }
    }

    @Test("space is given back, and what is in the file is counted") func vacuum() async throws {
        try await WorkerBench.run { bench in
            let filler = String(repeating: "x", count: 4_000)
            try await bench.parts.users.write(bench.user) { db in
                for number in 0..<200 {
                    let new = NewArchived(torrentID: "\(number)", hash: "h", tracker: nil, name: filler, at: noon)
                    _ = try ArchiveRepository.insert(db, new)
                }
            }
            let ids = try await bench.archived().map(\.id)
            try await bench.parts.users.write(bench.user) { db in
                for id in ids + (101...200).map({ Int64($0) }) { _ = try ArchiveRepository.delete(db, [id]) }
            }
            let answer = await bench.ask(Operation.Admin.vacuum)
            #expect((answer["space_freed"]?.integerValue ?? 0) > 300_000)
            await addTag("one", bench)
            let database = await bench.ask(Operation.Admin.describeDatabase)["database"]
            #expect(database?["table_counts"]?["tags"] == .integer(1))
            #expect(database?["exists"] == .bool(true))
        }
    }

    @Test("stock's backups are listed for whom they cannot be mistaken") func stockBackups() throws {
        let folder = BackupFolder(userDatabaseDirectory: "/nowhere")
        #expect(try folder.list(.sample(1), isUnmistakable: true) == [])
        #expect(BackupFolder.isName("user_0a000000_2026-08-20T10-00-00-000Z.db"))
        #expect(!BackupFolder.isName("user_0a000000_../x.db"))
    }
}
