import DomainModel
import Foundation
import TorBoxClient
import TorBoxSimulator
import WireProtocol

@testable import UserStore
@testable import WorkerCore

/// Files and links as users have them, told apart by number.
enum UploadSample {
    static func hash(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 40 - digits.count) + digits
    }

    static func magnet(_ number: Int) -> String { "magnet:?xt=urn:btih:\(hash(number))&dn=film-\(number)" }

    static func torrent(_ name: String = "hello") -> [UInt8] {
        Array(
            "d8:announce3:udp4:infod6:lengthi5e4:name\(name.utf8.count):\(name)12:piece lengthi16384e6:pieces20:01234567890123456789ee"
                .utf8)
    }

    static func nzb(_ name: String = "a") -> [UInt8] {
        Array("<?xml version=\"1.0\"?>\r\n<nzb><file subject=\"\(name)\"/></nzb>\r\n".utf8)
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The JSON of an upload of a magnet.
    static func magnetBody(_ number: Int) -> String {
        #"{"type":"torrent","upload_type":"magnet","url":"\#(magnet(number))","name":"film \#(number)"}"#
    }

    static func linkBody(_ link: String, type: String = "webdl") -> String {
        #"{"type":"\#(type)","upload_type":"link","url":"\#(link)","name":"\#(link.split(separator: "/").last ?? "x")"}"#
    }
}

extension UploadRow {
    /// A queued magnet, with what `change` sets.
    static func fixture(_ change: (inout UploadRow) -> Void = { _ in }) -> UploadRow {
        var row = UploadRow(
            id: 1, asset: .torrent, source: .magnet, url: UploadSample.magnet(1), name: "film", status: .queued,
            retryCount: 0, allowsZip: true, asQueued: false, onlyIfCached: false, queueOrder: 1, createdAt: noon,
            updatedAt: noon, isFileDeleted: false)
        change(&row)
        return row
    }
}

extension WorkerBench {
    /// Adds one upload and returns its number.
    @discardableResult
    func upload(_ json: String) async throws -> Int64 {
        let answer = await ask(Operation.createUpload, json: json)
        guard answer.status == 200, let id = answer["data"]?["id"]?.integerValue else { throw NoAnswer() }
        return id
    }

    @discardableResult
    func uploadMagnet(_ number: Int) async throws -> Int64 { try await upload(UploadSample.magnetBody(number)) }

    /// Stages a file and returns its path.
    func stage(_ bytes: [UInt8], as name: String, _ type: String = "torrent") async throws -> String {
        let json = #"{"file_data":"\#(UploadSample.base64(bytes))","filename":"\#(name)","type":"\#(type)"}"#
        let answer = await ask(Operation.stageUploadFile, json: json)
        guard answer.status == 200, let path = answer["data"]?["file_path"]?.stringValue else { throw NoAnswer() }
        return path
    }

    func uploadFile(_ bytes: [UInt8], as name: String, _ type: String = "torrent") async throws -> Int64 {
        let path = try await stage(bytes, as: name, type)
        return try await upload(#"{"type":"\#(type)","upload_type":"file","file_path":"\#(path)","name":"\#(name)"}"#)
    }

    /// What the scheduler would do.
    @discardableResult
    func drain() async -> Timestamp? { await parts.uploadProcessor.drain(user) }

    func uploadRow(_ id: Int64) async throws -> UploadRow? {
        try await parts.users.read(user) { try UploadRepository.get($0, id) }
    }

    func attempts(_ asset: AssetType = .torrent) async throws -> [UploadAttempt] {
        try await parts.users.read(user) {
            try UploadAttemptRepository.recent($0, asset, since: Timestamp(milliseconds: 0))
        }
    }

    /// The creates that TorBox received.
    var creates: [CallRecord] {
        let endpoints: Set<SimulatorEndpoint> = [.torrentCreate, .usenetCreate, .webDownloadCreate]
        return simulator.calls().filter { $0.endpoint.map(endpoints.contains) ?? false }
    }

    /// Hashes in the list of a kind.
    func library(_ kind: AssetKind = .torrent) -> [String] { simulator.items(kind, of: Self.key).map(\.hash) }
}
