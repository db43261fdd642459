import DomainModel
import Testing

@testable import ItemDecoding

@Suite struct ListDecodingTests {
    @Test("lists of every size are read alike, whatever was read on the thread before")
    func sizes() throws {
        // The parser of a thread is kept up to 2 MiB: one list is beyond that.
        for count in [3, 12_000, 1, 700, 0, 3] {
            let rows = (0..<count).map { #"{"id":\#($0 + 1),"name":"\#(String(repeating: "n", count: 200)) \#($0)"}"# }
            let bytes = Array(#"{"success":true,"data":[\#(rows.joined(separator: ","))]}"#.utf8)
            let list = try ItemDecoder.decodeList(bytes, asset: .torrent, isQueued: false)
            #expect(list.items.count == count)
            #expect(list.items.last?.name?.hasSuffix(" \(count - 1)") ?? (count == 0))
            // What broke off half-way spoils nothing for the next.
            #expect(throws: ItemDecodingError.self) {
                try ItemDecoder.decodeList(Array(bytes.dropLast(2)), asset: .torrent, isQueued: false)
            }
        }
    }

    @Test("a text that comes in many rows is every row's own")
    func repeatedTexts() throws {
        let trackers = ["\"udp://open.example:1337/a\"", "\"udp://open.example:1337/b\"", "null", "\"\"", "0", "17"]
        let states = ["\"uploading (no peers)\"", "\"uploading (no pears)\"", "\"\"", "null", "\"paused\""]
        let rows = (0..<200).map { row in
            let (tracker, state) = (trackers[row * 7 % 11 % 6], states[row * 5 % 13 % 5])
            return #"{"id":\#(row + 1),"tracker":\#(tracker),"download_state":\#(state)}"#
        }
        let list = try Fixtures.list(rows.joined(separator: ","))
        #expect(list.items.count == 200)
        for (row, item) in zip(rows, list.items) {
            let alone = try ItemDecoder.decodeRow(JSONValue(parsing: row), asset: .torrent, isQueued: false)
            #expect(item == alone)
        }
    }

    @Test("the parser looks for exactly the fields that have a meaning, in their order")
    func names() {
        #expect(ListDocument.fieldNames == ItemField.allCases.map(\.key))
    }

    @Test("a row is read field by field")
    func row() throws {
        let list = try Fixtures.list(Fixtures.row)
        var wanted = DownloadItem(key: ItemKey(asset: .torrent, id: 810_012))
        wanted.hash = "95d088f4b720e69e430861bc89128f96062c2c5f"
        wanted.name = "Lantern.Harbour é"
        wanted.size = 8_123_456_789
        wanted.isActive = true
        wanted.createdAt = Timestamp(javaScriptText: "2026-03-09T10:00:00Z")
        wanted.downloadState = "downloading"
        (wanted.seeds, wanted.peers, wanted.ratio, wanted.progress) = (41, 12, 0.0104, 0.4213)
        (wanted.downloadSpeed, wanted.uploadSpeed, wanted.eta) = (6_291_456, -1, 747)
        (wanted.fileCount, wanted.availability) = (2, 5.21)
        wanted.tracker = "udp://open.tracker.example:1337/announce"
        (wanted.totalUploaded, wanted.totalDownloaded) = (35_621_001, .max)
        (wanted.isSeedingEnabled, wanted.allowsZip, wanted.isAirlocked) = (true, true, true)
        #expect(list.items == [wanted])
        #expect(list.success == true)
        #expect(list.detail == "ok")
        #expect(list.errorCode == nil)
        #expect(list.dataKind == .list)
        #expect(list.rowsWithoutID == 0)
    }

    @Test("rows of the queue are marked queued and keep their own numbers")
    func queue() throws {
        let item = try #require(try Fixtures.list(#"{"id":5,"name":"x"}"#, isQueued: true).items.first)
        #expect(item.key == ItemKey(asset: .torrent, isQueued: true, id: 5))
        #expect(item.isMarkedQueued)
    }

    @Test("rows without a positive whole number as id are counted, not returned")
    func ids() throws {
        let rows = [
            #"{"id":"1"}"#, #"{"id":1.5}"#, #"{"id":0}"#, #"{"id":-3}"#, #"{"name":"x"}"#, "null", "[]", "7",
            #"{"id":null}"#,
        ]
        let list = try Fixtures.list(rows.joined(separator: ","), #"{"id":2.0}"#, #"{"id":9007199254740993}"#)
        #expect(list.items.map(\.key.id) == [2, 9_007_199_254_740_993])
        #expect(list.rowsWithoutID == rows.count)
    }

    @Test(
        "data of every kind is told apart",
        arguments: [
            (#"{"success":true}"#, DecodedList.DataKind.missing, 0), (#"{"success":true,"data":null}"#, .null, 0),
            (#"{"success":true,"data":[]}"#, .list, 0), (#"{"success":true,"data":{"id":4}}"#, .object, 1),
            (#"{"success":true,"data":"none"}"#, .other, 0), (#"{"success":true,"data":true}"#, .other, 0),
        ])
    func kinds(text: String, kind: DecodedList.DataKind, count: Int) throws {
        let list = try ItemDecoder.decodeList(Array(text.utf8), asset: .usenet, isQueued: false)
        #expect(list.dataKind == kind)
        #expect(list.items.count == count)
    }

    @Test("an envelope is believed only where it has the right types")
    func envelopes() throws {
        func list(_ text: String) throws -> DecodedList {
            try ItemDecoder.decodeList(Array(text.utf8), asset: .webdl, isQueued: false)
        }
        let failed = try list(#"{"success":false,"error":"ITEM_NOT_FOUND","detail":{"a":1},"data":null,"total":12}"#)
        #expect(failed.success == false)
        #expect(failed.errorCode == "ITEM_NOT_FOUND")
        #expect(failed.detail == nil)
        #expect(failed.total == 12)
        #expect(try list(#"{"detail":"60 per 1 hour"}"#).success == nil)
        #expect(try list(#"{"success":"true","error":"null","data":[]}"#).success == nil)
        #expect(try list(#"{"success":true,"error":"null","data":[]}"#).errorCode == nil)
        #expect(try list(#"{"success":true,"error":true,"data":[]}"#).errorCode == nil)
        #expect(try list(#"{"success":false,"success":true,"data":[]}"#).success == true)
    }

    @Test("the census counts rows with a usable value, per field")
    func census() throws {
        let list = try Fixtures.list(
            #"{"id":1,"seeds":1,"ratio":null,"name":"a","created_at":"no date"}"#, #"{"id":2,"seeds":"1","ratio":2}"#,
            #"{"seeds":3,"active":null,"cached":false}"#)
        #expect(list.census[.id] == 2)
        #expect(list.census[.seeds] == 2)
        #expect(list.census[.ratio] == 1)
        #expect(list.census[.name] == 1)
        #expect(list.census[.createdAt] == 0)
        #expect(list.census[.active] == 0)
        #expect(list.census[.cached] == 1)
        #expect(list.census[.eta] == 0)
    }

    @Test("the fast and the slow way read the recorded lists alike")
    func recorded() throws {
        let files = [
            ("mylist-small.json", AssetType.torrent, 12), ("mylist-states.json", .torrent, 40),
            ("usenet-mylist.json", .usenet, 8),
            ("webdl-mylist.json", .webdl, 6), ("queued.json", .torrent, 5),
        ]
        for (name, asset, atLeast) in files {
            guard let bytes = Fixtures.recorded(name) else {
                print("skipped: no recorded lists beside the package")
                return
            }
            let list = try ItemDecoder.decodeList(bytes, asset: asset, isQueued: name.hasPrefix("queued"))
            let rows = try #require(try JSONValue(parsing: bytes)["data"]?.arrayValue)
            let slow = rows.compactMap {
                ItemDecoder.decodeRow($0, asset: asset, isQueued: name.hasPrefix("queued"))
            }
            #expect(list.items == slow)
            #expect(slow.count >= atLeast)
        }
    }
}
