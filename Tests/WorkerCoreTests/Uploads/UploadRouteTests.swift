import DomainModel
import Foundation
import NIOCore
import Registry
import Testing
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

/// The twelve routes as the worker answers them. REST contract, section 3.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UploadRouteTests {
    // MARK: Files

    @Test("a staged file lies where stock puts it, whole, for nobody else to read")
    func staging() async throws {
        try await WorkerBench.run { bench in
            let path = try await bench.stage(UploadSample.torrent(), as: "My Film (2019)!.TORRENT")
            #expect(
                path.wholeMatch(of: /user_[0-9a-f]{64}\/torrent\/My_Film__2019___\d+_[0-9a-z]+\.torrent/) != nil,
                "\(path)")
            #expect(path.hasPrefix("user_\(bench.user.hex)/"))
            let file = "\(bench.folder)/uploads/\(path)"
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data(UploadSample.torrent()))
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(file) == 0o600)
            for folder in ["", "/user_\(bench.user.hex)", "/user_\(bench.user.hex)/torrent"] {
                #expect(try mode("\(bench.folder)/uploads\(folder)") == 0o700)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: (file as NSString).deletingLastPathComponent).count
                    == 1)
        }
    }

    @Test(
        "file names lead nowhere but into the caller's folder",
        arguments: [
            "../../../../etc/passwd.torrent", "..\\..\\evil.torrent", "/etc/cron.d/x.torrent", "a/b/c.torrent",
            ".torrent", "....torrent", "\u{0}nul.torrent", "ümläut🏴.torrent", "%2e%2e%2fx.torrent", "-rf *.torrent",
            String(repeating: "n", count: 5_000) + ".torrent",
        ])
    func pathTricks(name: String) async throws {
        try await WorkerBench.run { bench in
            let body: [String: JSONValue] = [
                "file_data": .string(UploadSample.base64(UploadSample.torrent())), "filename": .string(name),
                "type": .string("torrent"),
            ]
            let answer = await bench.ask(Operation.stageUploadFile, json: JSONValue.object(body).compactText)
            #expect(answer.status == 200)
            let path = try #require(answer["data"]?["file_path"]?.stringValue)
            #expect(
                path.wholeMatch(of: /user_[0-9a-f]{64}\/torrent\/[A-Za-z0-9_-]{1,100}_\d+_[0-9a-z]+\.torrent/) != nil,
                "\(path)")
            let stored = FileManager.default.enumerator(atPath: "\(bench.folder)/uploads")?.compactMap { $0 as? String }
            #expect(stored?.filter { $0.hasSuffix(".torrent") } == [path])
        }
    }

    @Test(
        "bodies that lie, are too large or do not fit their type are refused in words",
        arguments: [
            (#"{"filename":"a.torrent","type":"torrent"}"#, "file_data is required"),
            (#"{"file_data":"","filename":"a.torrent","type":"torrent"}"#, "file_data is required"),
            (#"{"file_data":"AAAA","type":"torrent"}"#, "filename is required"),
            (#"{"file_data":"AAAA","filename":"a.torrent"}"#, "Invalid type"),
            (#"{"file_data":"AAAA","filename":"a.torrent","type":"film"}"#, "Invalid type"),
            (#"{"file_data":"AAAA","filename":"a.exe","type":"torrent"}"#, "Invalid file extension"),
            (#"{"file_data":"AAAA","filename":"a.torrent","type":"usenet"}"#, "Invalid file extension"),
            (#"{"file_data":"AAAA","filename":"a.zip","type":"webdl"}"#, "Web downloads cannot be files; give a link"),
            (#"{"file_data":"not base64!","filename":"a.torrent","type":"torrent"}"#, "Invalid file_data"),
            (#"{"file_data":"AAAA","filename":"a.torrent","type":"torrent"}"#, "Invalid torrent file"),
            (#"{"file_data":"AAAA","filename":"a.nzb","type":"usenet"}"#, "Invalid NZB file"),
            (#"{"file_data":7,"filename":"a.nzb","type":"usenet"}"#, "file_data is required"),
        ])
    func badFiles(json: String, error: String) async throws {
        try await WorkerBench.run { bench in
            let answer = await bench.ask(Operation.stageUploadFile, json: json)
            #expect(answer.status == 400)
            #expect(answer["error"] == .string(error))
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/uploads"))
        }
    }

    @Test("a file of 7.5 MiB is taken, and one byte over the limit is not")
    func sizes() async throws {
        try await WorkerBench.run { bench in
            let head = UploadSample.nzb()
            let large = head + [UInt8](repeating: 0x20, count: 7_864_320 - head.count)
            let path = try await bench.stage(large, as: "large.nzb", "usenet")
            let id = try await bench.upload(
                #"{"type":"usenet","upload_type":"file","file_path":"\#(path)","name":"large.nzb"}"#)
            #expect(try await bench.uploadRow(id)?.fileSize == 7_864_320)
            let over = head + [UInt8](repeating: 0x20, count: 10_485_761 - head.count)
            let json = #"{"file_data":"\#(UploadSample.base64(over))","filename":"x.nzb","type":"usenet"}"#
            #expect(await bench.ask(Operation.stageUploadFile, json: json)["error"] == .string("File too large"))
        }
    }

    @Test("only the caller's own files can be deleted, and none that a queued upload needs")
    func deletingFiles() async throws {
        try await WorkerBench.run { bench in
            func delete(_ path: String) async -> Int {
                await bench.ask(
                    Operation.deleteUploadFile, json: JSONValue.object(["file_path": .string(path)]).compactText
                ).status
            }
            #expect(await bench.ask(Operation.deleteUploadFile, json: "{}").status == 400)
            let own = "user_\(bench.user.hex)/torrent"
            for path in [
                "user_\(UserID.sample(9).hex)/torrent/a.torrent", "../x", "/etc/passwd", "\(own)/../../x.torrent",
                "\(own)/..",
                "\(own)/", "user_\(bench.user.hex)//a.torrent", "\(own)/a\u{0}.torrent", "\(bench.folder)/master.db",
            ] { #expect(await delete(path) == 403, "\(path)") }
            #expect(await delete("\(own)/gone_1_a.torrent") == 200)
            let path = try await bench.stage(UploadSample.torrent(), as: "a.torrent")
            #expect(await delete(path) == 200)
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/uploads/\(path)"))
            let id = try await bench.uploadFile(UploadSample.torrent(), as: "b.torrent")
            #expect(await delete(try #require(try await bench.uploadRow(id)?.filePath)) == 409)
        }
    }

    @Test("the quota removes files of ended uploads first, and refuses what would push out waiting ones")
    func quota() async throws {
        try await WorkerBench.run(["UPLOAD_LIMIT_MAX_FILES": "2"]) { bench in
            let done = try await bench.uploadFile(UploadSample.torrent("1"), as: "1.torrent")
            await bench.drain()
            #expect(try await bench.uploadRow(done)?.status == .completed)
            _ = try await bench.uploadFile(UploadSample.torrent("2"), as: "2.torrent")
            _ = try await bench.uploadFile(UploadSample.torrent("3"), as: "3.torrent")
            #expect(try await bench.uploadRow(done)?.isFileDeleted == true)
            #expect(await bench.ask(Operation.downloadUpload, ["id": "\(done)"]).status == 404)
            let json =
                #"{"file_data":"\#(UploadSample.base64(UploadSample.torrent("4")))","filename":"4.torrent","type":"torrent"}"#
            let full = await bench.ask(Operation.stageUploadFile, json: json)
            #expect(full.status == 413 && full["code"] == .string("UPLOAD_QUOTA_EXCEEDED"))
            let backlog = try await bench.parts.registry.user(bench.user)?.uploads
            #expect(backlog?.retainedFiles == 2)
        }
    }

    @Test("a staged file that no upload names is litter after a day")
    func orphans() async throws {
        try await WorkerBench.run(["UPLOAD_LIMIT_MAX_FILES": "1"]) { bench in
            let path = try await bench.stage(UploadSample.torrent("1"), as: "1.torrent")
            // The clock of files is the machine's.
            let old = Date(timeIntervalSince1970: Double(noon.milliseconds / 1_000) - 100_000)
            try FileManager.default.setAttributes(
                [.modificationDate: old], ofItemAtPath: "\(bench.folder)/uploads/\(path)")
            _ = try await bench.stage(UploadSample.torrent("2"), as: "2.torrent")
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/uploads/\(path)"))
        }
    }

    // MARK: Adding

    @Test("a row has every member of the contract, with its types")
    func shape() async throws {
        try await WorkerBench.run { bench in
            let answer = await bench.ask(Operation.createUpload, json: UploadSample.magnetBody(1))
            let row = try #require(answer["data"]?.objectValue)
            #expect(answer["success"] == .bool(true))
            #expect(
                Set(row.keys) == [
                    "id", "type", "upload_type", "file_path", "url", "name", "status", "error_message", "retry_count",
                    "seed",
                    "allow_zip", "as_queued", "add_only_if_cached", "password", "queue_order", "torbox_hash",
                    "torbox_torrent_id", "torbox_auth_id", "last_processed_at", "completed_at", "created_at",
                    "updated_at",
                    "next_attempt_at",
                ])
            #expect(
                row["status"] == .string("queued") && row["allow_zip"] == .integer(1) && row["as_queued"] == .integer(0)
            )
            #expect(
                row["created_at"] == .string(noon.sqliteText) && row["seed"] == .null
                    && row["queue_order"] == .integer(1))
            let id = try #require(row["id"]?.integerValue)
            let one = await bench.ask(Operation.getUpload, ["id": "\(id)"])
            #expect(one["data"]?["next_attempt_at"] == nil && one["data"]?["id"] == .integer(id))
            #expect(await bench.ask(Operation.getUpload, ["id": "999"]).status == 404)
            #expect(await bench.ask(Operation.getUpload, ["id": "x"]).status == 400)
        }
    }

    static let bad: [(String, Int, String)] = [
        (#"{}"#, 400, "Invalid type"),
        (#"{"type":"torrent"}"#, 400, "Invalid upload_type"),
        (#"{"type":"torrent","upload_type":"ftp","name":"x"}"#, 400, "Invalid upload_type"),
        (
            #"{"type":"usenet","upload_type":"magnet","url":"magnet:?xt=urn:btih:\#(UploadSample.hash(1))","name":"x"}"#,
            400, "Magnet links are for torrents only"
        ),
        (#"{"type":"torrent","upload_type":"magnet","url":"\#(UploadSample.magnet(1))"}"#, 400, "name is required"),
        (#"{"type":"torrent","upload_type":"magnet","name":"x"}"#, 400, "url is required for magnets and links"),
        (
            #"{"type":"torrent","upload_type":"magnet","url":"magnet:?dn=nothing","name":"x"}"#, 400,
            "Invalid magnet link"
        ),
        (
            #"{"type":"torrent","upload_type":"magnet","url":"magnet:?xt=urn:btih:short","name":"x"}"#, 400,
            "Invalid magnet link"
        ),
        (
            #"{"type":"torrent","upload_type":"link","url":"https://a.example/x.torrent","name":"x"}"#, 400,
            "Invalid magnet link"
        ),
        (#"{"type":"webdl","upload_type":"link","url":"file:///etc/passwd","name":"x"}"#, 400, "Invalid url"),
        (#"{"type":"webdl","upload_type":"link","url":"https://a b","name":"x"}"#, 400, "Invalid url"),
        (#"{"type":"torrent","upload_type":"file","name":"x"}"#, 400, "file_path is required for file uploads"),
        (#"{"type":"torrent","upload_type":"file","file_path":"x.nzb","name":"x"}"#, 400, "Invalid file extension"),
        (#"{"type":"webdl","upload_type":"file","file_path":"x.zip","name":"x"}"#, 400, "Invalid file extension"),
        (
            #"{"type":"torrent","upload_type":"file","file_path":"../../x.torrent","name":"x"}"#, 403,
            "Access to this file is denied"
        ),
        (
            #"{"type":"torrent","upload_type":"magnet","url":"\#(UploadSample.magnet(1))","name":"x","seed":9}"#, 400,
            "Invalid seed"
        ),
        (
            #"{"type":"torrent","upload_type":"magnet","url":"\#(UploadSample.magnet(1))","name":"x","allow_zip":"yes"}"#,
            400, "allow_zip must be true or false"
        ),
    ]

    @Test("what cannot be handed over is refused with the reason", arguments: bad)
    func badUploads(json: String, status: Int, error: String) async throws {
        try await WorkerBench.run { bench in
            let answer = await bench.ask(Operation.createUpload, json: json)
            #expect(answer.status == status && answer["error"] == .string(error), "\(answer)")
            let batch = await bench.ask(
                Operation.createUploads, json: "{\"uploads\":[\(json),\(UploadSample.magnetBody(2))]}")
            #expect(batch.status == 200)
            #expect(batch["meta"] == .object(["total": .integer(2), "successful": .integer(1), "failed": .integer(1)]))
            let reported = batch["data"]?["errors"]?.arrayValue?.first
            #expect(reported?["error"]?.stringValue?.hasPrefix(error) == true)
            let sent = try JSONValue(parsing: json)
            #expect(reported?["upload"] == sent)
        }
    }

    @Test("a file that was never staged, or is another user's, is refused")
    func foreignFile() async throws {
        try await WorkerBench.run { bench in
            func create(_ path: String) async -> WorkerBench.Answer {
                await bench.ask(
                    Operation.createUpload,
                    json: #"{"type":"torrent","upload_type":"file","file_path":"\#(path)","name":"x"}"#)
            }
            let missing = await create("user_\(bench.user.hex)/torrent/a_1_b.torrent")
            #expect(missing.status == 400 && missing["error"] == .string("File not found"))
            #expect(await create("user_\(UserID.sample(3).hex)/torrent/a_1_b.torrent").status == 403)
            // Stock also wrote absolute paths.
            let path = try await bench.stage(UploadSample.torrent(), as: "a.torrent")
            let absolute = await create("\(bench.folder)/uploads/\(path)")
            #expect(absolute["data"]?["file_path"] == .string(path))
        }
    }

    @Test("a batch takes 1 to 1000, in order, and 10,000 queued uploads are listed and counted page by page")
    func batches() async throws {
        try await WorkerBench.run { bench in
            #expect(await bench.ask(Operation.createUploads, json: #"{"uploads":[]}"#).status == 400)
            #expect(await bench.ask(Operation.createUploads, json: "{}").status == 400)
            let over = (1...1_001).map(UploadSample.magnetBody).joined(separator: ",")
            #expect(await bench.ask(Operation.createUploads, json: "{\"uploads\":[\(over)]}").status == 400)
            for batch in 0..<10 {
                let items = (1...1_000).map { UploadSample.magnetBody(batch * 1_000 + $0) }.joined(separator: ",")
                let answer = await bench.ask(Operation.createUploads, json: "{\"uploads\":[\(items)]}")
                #expect(answer["meta"]?["successful"] == .integer(1_000))
            }
            let last = await bench.ask(Operation.listUploads, ["status": "queued", "page": "10", "limit": "5000"])
            #expect(last["pagination"]?["total"] == .integer(10_000) && last["pagination"]?["limit"] == .integer(1_000))
            let orders = (last["data"]?.arrayValue ?? []).compactMap { $0["queue_order"]?.integerValue }
            #expect(orders == (9_001...10_000).map { Int64($0) })
            #expect(last["statusCounts"] == .object(["queued": .integer(10_000)]))
            await bench.drain()
            #expect(bench.library().count == 10)
        }
    }

    // MARK: Looking, moving, deleting

    @Test("lists filter by status, type and text, and say how many of each status there are")
    func lists() async throws {
        try await WorkerBench.run { bench in
            try await bench.uploadMagnet(1)
            bench.advance(5)
            let link = try await bench.upload(UploadSample.linkBody("https://host.example/f%_x"))
            bench.simulator.inject(
                SimulatedFault(
                    .raw(
                        status: 400, body: #"{"success":false,"error":"LINK_OFFLINE","detail":"Gone."}"#,
                        contentType: "application/json"),
                    endpoints: [.webDownloadCreate]))
            await bench.drain()
            let waiting = try await bench.uploadMagnet(2)
            func ids(_ parameters: [String: String]) async -> [Int64] {
                (await bench.ask(Operation.listUploads, parameters)["data"]?.arrayValue ?? []).compactMap {
                    $0["id"]?.integerValue
                }
            }
            #expect(await ids([:]).first == waiting)
            #expect(await ids(["status": "failed"]) == [link])
            #expect(await ids(["type": "webdl"]) == [link])
            #expect(await ids(["search": "link_offline"]) == [link])
            #expect(await ids(["search": "f%_"]) == [link])
            #expect(await ids(["search": "no such"]) == [])
            let counts = await bench.ask(Operation.listUploads, ["type": "torrent", "status": "failed"])["statusCounts"]
            #expect(counts == .object(["queued": .integer(1), "completed": .integer(1)]))
            #expect(await bench.ask(Operation.listUploads, ["status": "odd"]).status == 400)
            #expect(await bench.ask(Operation.listUploads, ["type": "odd"]).status == 400)
        }
    }

    @Test("moving shifts those between, and refuses what does not fit")
    func moving() async throws {
        try await WorkerBench.run { bench in
            let ids = try await (1...4).asyncMap { try await bench.uploadMagnet($0) }
            func move(_ id: Int64, _ old: Int64, _ new: Int64) async -> Int {
                await bench.ask(Operation.moveUpload, json: #"{"id":\#(id),"old_order":\#(old),"new_order":\#(new)}"#)
                    .status
            }
            func order() async -> [Int64] {
                let rows = await bench.ask(Operation.listUploads, ["status": "queued"])["data"]?.arrayValue ?? []
                return rows.compactMap { $0["id"]?.integerValue }
            }
            #expect(await move(ids[3], 4, 1) == 200)
            #expect(await order() == [ids[3], ids[0], ids[1], ids[2]])
            #expect(await move(ids[3], 1, 3) == 200)
            #expect(await order() == [ids[0], ids[1], ids[3], ids[2]])
            #expect(await move(ids[0], 2, 3) == 400)
            #expect(await move(ids[0], 1, 1) == 400)
            #expect(await move(ids[0], 1, 99) == 400)
            #expect(await move(ids[0], 1, -1) == 400)
            #expect(await move(999, 1, 2) == 404)
            #expect(await bench.ask(Operation.moveUpload, json: "{}").status == 400)
            await bench.drain()
            #expect(await move(ids[0], 1, 2) == 400)
        }
    }

    @Test("deleting removes rows and their files, but no file that another row names")
    func deleting() async throws {
        try await WorkerBench.run { bench in
            let path = try await bench.stage(UploadSample.torrent(), as: "a.torrent")
            let body = #"{"type":"torrent","upload_type":"file","file_path":"\#(path)","name":"a.torrent"}"#
            let (first, second) = (try await bench.upload(body), try await bench.upload(body))
            let file = "\(bench.folder)/uploads/\(path)"
            #expect(await bench.ask(Operation.deleteUpload, ["id": "\(first)"]).status == 200)
            #expect(FileManager.default.fileExists(atPath: file))
            let bulk = await bench.ask(Operation.deleteUploads, json: #"{"ids":[\#(first),\#(second),\#(second)]}"#)
            #expect(bulk["data"] == .object(["deleted": .integer(1), "requested": .integer(2)]))
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(await bench.ask(Operation.deleteUpload, ["id": "\(first)"]).status == 404)
            #expect(await bench.ask(Operation.deleteUploads, json: #"{"ids":[\#(first)]}"#).status == 404)
            for ids in ["[]", "[0]", "[\"a\"]", "7", "null"] {
                #expect(await bench.ask(Operation.deleteUploads, json: "{\"ids\":\(ids)}").status == 400)
            }
        }
    }

    @Test("a file upload can be downloaded again, byte for byte, under its name")
    func download() async throws {
        try await WorkerBench.run { bench in
            let id = try await bench.uploadFile(UploadSample.nzb(), as: "a b.NZB", "usenet")
            let response = await bench.parts.router.answer(
                Request(
                    operation: Operation.downloadUpload, user: bench.user, timeout: .seconds(5),
                    parameters: ["id": "\(id)"]))
            guard case .bytes(let body) = response.body else { throw WorkerBench.NoAnswer() }
            #expect(Array(body.readableBytesView) == UploadSample.nzb())
            #expect(response.contentType == "application/x-nzb" && response.fileName == "a b.NZB")
            let magnet = try await bench.uploadMagnet(1)
            #expect(await bench.ask(Operation.downloadUpload, ["id": "\(magnet)"]).status == 400)
            #expect(await bench.ask(Operation.downloadUpload, ["id": "99"]).status == 404)
        }
    }

    // MARK: Retrying

    private func failed(_ bench: WorkerBench, _ number: Int) async throws -> Int64 {
        bench.simulator.inject(
            SimulatedFault(
                .raw(
                    status: 400, body: #"{"success":false,"error":"BOZO_TORRENT","detail":"No."}"#,
                    contentType: "application/json"),
                endpoints: [.torrentCreate]))
        let id = try await bench.uploadMagnet(number)
        await bench.drain()
        return id
    }

    @Test("a failed upload is queued again at the end, or completed when TorBox has it by now")
    func retry() async throws {
        try await WorkerBench.run { bench in
            let (missing, present) = (try await failed(bench, 1), try await failed(bench, 2))
            bench.simulator.add(SimulatedItem("x", hash: UploadSample.hash(2)), to: WorkerBench.key)
            let again = await bench.ask(Operation.retryUpload, ["id": "\(missing)"])
            #expect(
                again.status == 200 && again["data"]?["status"] == .string("queued")
                    && again["completedFromTorbox"] == nil)
            let found = await bench.ask(Operation.retryUpload, ["id": "\(present)"])
            #expect(found["data"]?["status"] == .string("completed") && found["completedFromTorbox"] == .bool(true))
            #expect(await bench.ask(Operation.retryUpload, ["id": "\(missing)"]).status == 400)
            #expect(await bench.ask(Operation.retryUpload, ["id": "77"]).status == 404)
            await bench.drain()
            #expect(try await bench.uploadRow(missing)?.status == .completed)
        }
    }

    @Test("a bulk retry says what it did with each, and 503 with the same data when TorBox is away")
    func bulkRetry() async throws {
        try await WorkerBench.run { bench in
            let ids = try await (1...3).asyncMap { try await failed(bench, $0) }
            let queued = try await bench.uploadMagnet(9)
            bench.simulator.add(SimulatedItem("x", hash: UploadSample.hash(2)), to: WorkerBench.key)
            let body = "{\"ids\":[\(ids.map(String.init).joined(separator: ",")),\(queued),999]}"
            bench.simulator.inject(SimulatedFault(.status(503), endpoints: SimulatorEndpoint.lists, times: nil))
            let away = await bench.ask(Operation.retryUploads, json: body)
            #expect(away.status == 503 && away["success"] == .bool(false))
            #expect(away["data"]?["unavailable"] == .integer(3) && away["data"]?["retried"] == .integer(0))
            #expect(await bench.ask(Operation.retryUpload, ["id": "\(ids[0])"]).status == 503)
            bench.simulator.clearFaults()
            let done = await bench.ask(Operation.retryUploads, json: body)
            #expect(done.status == 200)
            #expect(done["data"]?["retried"] == .integer(2) && done["data"]?["completed"] == .integer(1))
            #expect(done["data"]?["requested"] == .integer(5))
            #expect(done["data"]?["completedIds"] == .array([.integer(ids[1])]))
            #expect(Set(done["data"]?["uploadIds"]?.arrayValue ?? []) == [.integer(ids[0]), .integer(ids[2])])
            #expect(await bench.ask(Operation.retryUploads, json: "{\"ids\":[\(queued)]}").status == 400)
            #expect(await bench.ask(Operation.retryUploads, json: #"{"ids":[999]}"#).status == 404)
            #expect(await bench.ask(Operation.retryUploads, json: #"{"ids":[]}"#).status == 400)
        }
    }
}
