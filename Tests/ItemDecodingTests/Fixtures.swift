import DomainModel
import Foundation
import ItemDecoding

/// Answers and rows for these tests.
enum Fixtures {
    static let row = #"""
        {"id": 810012, "hash": "95D088F4B720E69E430861BC89128F96062C2C5F", "name": "Lantern.Harbour é", "size": 8123456789,
         "active": true, "created_at": "2026-03-09T10:00:00Z", "download_state": "downloading", "seeds": 41, "peers": 12,
         "ratio": 0.0104, "progress": 0.4213, "download_speed": 6291456, "upload_speed": -1, "eta": 747,
         "expires_at": null, "download_present": false, "files": [{"id": 0}, {"id": 1}], "availability": 5.21,
         "download_finished": false, "tracker": "udp://open.tracker.example:1337/announce", "total_uploaded": 35621001,
         "total_downloaded": 9223372036854775807, "cached": false, "seed_torrent": 1, "allow_zipped": "true",
         "long_term_seeding": "yes", "cached_at": null, "private": null, "tags": ["weekly"], "airlocked": true}
        """#

    static func answer(_ rows: String...) -> [UInt8] {
        Array(#"{"success":true,"error":null,"detail":"ok","data":[\#(rows.joined(separator: ","))]}"#.utf8)
    }

    static func list(_ rows: String..., isQueued: Bool = false) throws -> DecodedList {
        let answer = #"{"success":true,"error":null,"detail":"ok","data":[\#(rows.joined(separator: ","))]}"#
        return try ItemDecoder.decodeList(Array(answer.utf8), asset: .torrent, isQueued: isQueued)
    }

    /// One row with an id and these members, read the fast way.
    static func item(_ members: String) throws -> DownloadItem? {
        try list(#"{"id":1,\#(members)}"#).items.first
    }

    /// A file of the recorded shapes beside the package, nil when they are not there.
    static func recorded(_ name: String, from file: String = #filePath) -> [UInt8]? {
        var folder = URL(filePath: file).deletingLastPathComponent()
        while folder.path.count > 1,
            !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder = folder.deletingLastPathComponent()
        }
        let path = folder.deletingLastPathComponent().appending(path: "shared/fixtures/torbox/\(name)")
        return (try? Data(contentsOf: path)).map { Array($0) }  // Absent is an answer: nothing to compare.
    }
}
