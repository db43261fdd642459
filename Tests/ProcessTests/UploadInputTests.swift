import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import Testing
import TorBoxSimulator

/// Uploads that are too many, too large or lie, over real HTTP.
@Suite(.serialized) struct UploadInputTests {
    @Test("10,000 queued uploads of one user keep nobody else waiting, and cost little memory and disk")
    func flood() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: Fixture.fastUploads)
        let (flooder, other) = (try await fixture.addUser(1), try await fixture.addUser(2))
        for batch in 0..<10 {
            let items = (1...1_000).map { Fixture.magnet(batch * 1_000 + $0) }.joined(separator: ",")
            let answer = try await fixture.rest.send(
                .POST, "/api/uploads/batch", key: flooder, json: "{\"uploads\":[\(items)]}")
            #expect(answer.json["meta"]?["successful"] == .integer(1_000))
        }
        try await fixture.upload(Fixture.magnet(1), key: other)
        let isServed = try await eventually(within: .seconds(30)) {
            try await fixture.statusCounts(key: other) == ["completed": .integer(1)]
        }
        #expect(isServed)
        let list = try await fixture.rest.send(.GET, "/api/uploads?status=queued&limit=1000&page=5", key: flooder)
        #expect(list.json["data"]?.arrayValue?.count == 1_000)
        // The edge's ten a minute.
        #expect(fixture.createCalls(key: flooder).count <= 10)
        let worker = try #require(fixture.service.children["worker 0"])
        #expect(ProcessUsage(of: [worker]).proportionalKiB < 300 * 1_024)
        let file = "\(fixture.directory.path)/users/user_\(AuthID.of(flooder)).sqlite"
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect(try #require(size) < 20 << 20)
        #expect(try await fixture.stop().exitCode == 0)
    }

    @Test("a file of 7.5 MiB goes through in base64; what is larger, lies or leads elsewhere is refused in words")
    func files() async throws {
        let fixture = try await Fixture.start(workers: 1, environment: Fixture.fastUploads)
        let key = try await fixture.addUser(1)
        func stage(_ data: String, _ name: String, _ type: String = "usenet") async throws -> RESTClient.Answer {
            try await fixture.rest.send(
                .POST, "/api/uploads/file", key: key,
                json: JSONValue.object(["file_data": .string(data), "filename": .string(name), "type": .string(type)])
                    .compactText)
        }
        let head = "<nzb></nzb>"
        func file(_ bytes: Int) -> String {
            (Data(head.utf8) + Data(repeating: 0x20, count: bytes - head.utf8.count)).base64EncodedString()
        }
        let large = try await stage(file(7_800_000), "large.nzb")
        #expect(large.status == 200, "\(large.body)")
        #expect(large.headers["ratelimit-limit"] == ["1000"])
        #expect(try await stage(file(9_000_000), "larger.nzb").status == 413)
        #expect(try await stage("####", "a.nzb").status == 400)
        #expect(try await stage(Data("no torrent".utf8).base64EncodedString(), "a.torrent", "torrent").status == 400)
        let tricks = try await stage(file(100), "../../../../tmp/x.nzb")
        let path = try #require(tricks.json["data"]?["file_path"]?.stringValue)
        #expect(path.hasPrefix("user_\(AuthID.of(key))/usenet/x_"))
        #expect(FileManager.default.fileExists(atPath: "\(fixture.directory.path)/uploads/\(path)"))
        let foreign = "user_\(String(repeating: "0", count: 64))/usenet/x.nzb"
        for path in [foreign, "../master.db", "/etc/passwd"] {
            let body = JSONValue.object(["file_path": .string(path)]).compactText
            #expect(try await fixture.rest.send(.DELETE, "/api/uploads/file", key: key, json: body).status == 403)
        }
        let magnet = #"{"type":"torrent","upload_type":"magnet","name":"x","url":"magnet:?dn=without-hash"}"#
        let refused = try await fixture.rest.send(.POST, "/api/uploads", key: key, json: magnet)
        #expect(refused.status == 400 && refused.json["error"] == .string("Invalid magnet link"))
        #expect(fixture.createCalls().isEmpty)
        #expect(try await fixture.stop().exitCode == 0)
    }
}
