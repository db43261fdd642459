import DomainModel
import Foundation
import NIOHTTP1
import ServiceHarness
import TorBoxSimulator

/// What upload tests share.
extension Fixture {
    static let creates: Set<SimulatorEndpoint> = [.torrentCreate, .usenetCreate, .webDownloadCreate]

    /// Times short enough for a test; their order is that of the defaults.
    static let fastUploads = [
        "CREATE_UPLOAD_TIMEOUT_MS": "3000", "UPLOAD_CONNECTION_SOFT_DEFER_MS": "500",
        "UPLOAD_CONNECTION_DEFER_MS": "1500",
        "UPLOAD_EXTERNAL_RATE_LIMIT_RETRY_MS": "1000", "TORBOX_MIN_PAUSE_MS": "300",
        "TORBOX_OUTAGE_RECOVERY_INTERVAL_MS": "300",
    ]

    static func hash(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 40 - digits.count) + digits
    }

    static func magnet(_ number: Int) -> String {
        #"{"type":"torrent","upload_type":"magnet","name":"film \#(number)","url":"magnet:?xt=urn:btih:\#(hash(number))"}"#
    }

    /// Adds an upload and returns its number.
    @discardableResult
    func upload(_ json: String, key: String) async throws -> Int64 {
        let answer = try await rest.send(.POST, "/api/uploads", key: key, json: json)
        guard answer.status == 200, let id = answer.json["data"]?["id"]?.integerValue else { throw Unexpected(answer) }
        return id
    }

    /// Stages a file and adds it as an upload.
    func uploadFile(_ content: String, as name: String, _ type: String, key: String) async throws -> Int64 {
        let data = Data(content.utf8).base64EncodedString()
        let staged = try await rest.send(
            .POST, "/api/uploads/file", key: key,
            json: #"{"file_data":"\#(data)","filename":"\#(name)","type":"\#(type)"}"#)
        guard staged.status == 200, let path = staged.json["data"]?["file_path"]?.stringValue else {
            throw Unexpected(staged)
        }
        return try await upload(
            #"{"type":"\#(type)","upload_type":"file","file_path":"\#(path)","name":"\#(name)"}"#, key: key)
    }

    /// Uploads by status, as a list says.
    func statusCounts(key: String) async throws -> [String: JSONValue] {
        try await rest.send(.GET, "/api/uploads?limit=1", key: key).json["statusCounts"]?.objectValue ?? [:]
    }

    func createCalls(key: String? = nil) -> [CallRecord] {
        simulator.calls(account: key).filter { $0.endpoint.map(Self.creates.contains) ?? false }
    }
}
