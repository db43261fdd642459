import DomainModel
import Foundation
import ItemDecoding
import RuleEngine
import Storage

/// What the cases work on.
enum Sample {
    enum Failure: Error { case frame, list, match, user }

    /// Of any day after the items were made.
    static let now = Timestamp(milliseconds: 1_780_000_000_000)

    static func user() throws -> UserID {
        guard let user = UserID(String(repeating: "0a", count: 32)) else { throw Failure.user }
        return user
    }

    /// A path for a user's file in a directory of its own, which goes afterwards.
    static func withUserFile(_ body: (_ path: String, _ kind: DatabaseKind) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("torbox-micro-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // What is left lies in the temporary directory.
        try body(folder.appendingPathComponent("user.sqlite").path, .user(try user()))
    }

    static func items(_ count: Int) throws -> [DownloadItem] {
        try ItemDecoder.decodeList(list(count), asset: .torrent, isQueued: false).items
    }

    /// An answer of the list call; every row with two files.
    static func list(_ count: Int) -> [UInt8] {
        let rows = (1...count).map { number in
            """
            {"id":\(number),"auth_id":"9f1c1f6e-0000-0000-0000-000000000000","server":1,"hash":\
            "\(String(format: "%040x", number * 7_919))","name":"Amber.Lantern.\(1930 + number % 90).1080p",\
            "magnet":null,"size":\(number * 1_000_003),"active":\(number % 3 == 0),\
            "created_at":"2026-03-01T10:00:00Z","updated_at":"2026-03-02T10:00:00Z","download_state":"uploading",\
            "seeds":\(number % 40),"peers":\(number % 7),"ratio":\(Double(number % 50) / 10),"progress":1,\
            "download_speed":0,"upload_speed":\(number * 11),"eta":0,"torrent_file":true,"expires_at":null,\
            "download_present":true,"download_finished":true,"tracker":"udp://tracker.invalid:80","private":false,\
            "total_uploaded":\(number * 5_000),"total_downloaded":\(number * 9_000),"availability":1,"cached":false,\
            "seed_torrent":true,"long_term_seeding":false,"allow_zipped":true,"airlocked":false,"files":[\
            {"id":0,"md5":null,"hash":"x","name":"a/b.mkv","size":12345,"mimetype":"video/x-matroska"},\
            {"id":1,"md5":null,"hash":"x","name":"a/c.nfo","size":123,"mimetype":"text/plain"}]}
            """
        }
        return Array(#"{"success":true,"error":null,"detail":"","data":[\#(rows.joined(separator: ","))]}"#.utf8)
    }

    /// One by number, one by history and age, one by name; none matches.
    static func programs() throws -> [RuleProgram] {
        let conditions = [
            #"[{"type":"RATIO","operator":"gt","value":1000000}]"#,
            #"[{"type":"DOWNLOAD_STALLED_TIME","operator":"gt","value":10000000},{"type":"AGE","operator":"gt","value":1}]"#,
            #"[{"type":"NAME","operator":"contains","value":"matches nothing"}]"#,
        ]
        return try conditions.enumerated().map { index, list in
            RuleProgram(
                StoredRule(
                    id: RuleID(Int64(index + 1)), revision: 1, name: "rule", isEnabled: true,
                    assetTypes: try JSONValue(parsing: #"["torrent"]"#),
                    trigger: try JSONValue(parsing: #"{"type":"interval","value":30}"#),
                    conditions: try JSONValue(
                        parsing: #"{"logicOperator":"and","groups":[{"logicOperator":"and","conditions":\#(list)}]}"#),
                    action: try JSONValue(parsing: #"{"type":"delete"}"#)))
        }
    }
}
