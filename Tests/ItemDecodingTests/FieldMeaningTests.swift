import DomainModel
import ItemDecoding
import Testing

@Suite struct FieldMeaningTests {
    @Test("numbers come from JSON numbers only", arguments: ["\"5\"", "true", "null", "[]", "{}", "\"\""])
    func oddNumbers(value: String) throws {
        let item = try #require(
            try Fixtures.item(
                #""seeds":\#(value),"progress":\#(value),"size":\#(value),"eta":\#(value),"ratio":\#(value)"#))
        #expect(item.seeds == nil)
        #expect(item.progress == nil)
        #expect(item.size == nil)
        #expect(item.eta == nil)
        #expect(item.ratio == nil)
        #expect(item.hasUnreadableRatio == (value != "null"))
    }

    @Test("counters are read from texts of digits too, and from nothing else that is no number")
    func counters() throws {
        let item = try #require(try Fixtures.item(#""total_uploaded":"200","total_downloaded":1.9,"file_count":"3""#))
        #expect(item.totalUploaded == 200)
        #expect(item.totalDownloaded == 1)
        #expect(item.fileCount == 3)
        let odd = try #require(
            try Fixtures.item(#""total_uploaded":"","total_downloaded":"12x","file_count":true"#))
        #expect(odd.totalUploaded == nil)
        #expect(odd.totalDownloaded == nil)
        #expect(odd.fileCount == nil)
    }

    @Test("a list of files wins over the stated count, even when it is empty")
    func fileCount() throws {
        #expect(try Fixtures.item(#""files":[],"file_count":3"#)?.fileCount == 0)
        #expect(try Fixtures.item(#""file_count":3,"files":[1,2]"#)?.fileCount == 2)
        #expect(try Fixtures.item(#""files":"abc","file_count":3"#)?.fileCount == 3)
        #expect(try Fixtures.item(#""files":null,"file_count":3"#)?.fileCount == 3)
        #expect(try Fixtures.item(#""name":"x""#)?.fileCount == nil)
    }

    @Test("flags are on for true, 1 and \"true\" only", arguments: ["true", "1", "1.0", "\"true\""])
    func flagsOn(value: String) throws {
        let item = try #require(try Fixtures.item(#""active":\#(value),"private":\#(value),"cached":\#(value)"#))
        #expect(item.isActive && item.isPrivate && item.isCached)
    }

    @Test(
        "flags are off for all else", arguments: ["false", "0", "2", "\"1\"", "\"TRUE\"", "\"\"", "null", "[]", "{}"])
    func flagsOff(value: String) throws {
        let item = try #require(try Fixtures.item(#""active":\#(value),"private":\#(value),"cached":\#(value)"#))
        #expect(!item.isActive && !item.isPrivate && !item.isCached)
    }

    @Test(
        "finished and present go by JavaScript's truth",
        arguments: [
            ("\"false\"", true), ("\"0\"", true), ("[]", true), ("2", true), ("\"\"", false), ("0", false),
            ("null", false),
        ])
    func truthiness(value: String, isTrue: Bool) throws {
        let item = try #require(try Fixtures.item(#""download_finished":\#(value),"download_present":\#(value)"#))
        #expect(item.isFinished == isTrue)
        #expect(item.isPresent == isTrue)
    }

    @Test("false and 0 read as the empty text, null and other things as unknown")
    func texts() throws {
        #expect(try Fixtures.item(#""name":"""#)?.name == "")
        #expect(try Fixtures.item(#""name":false"#)?.name == "")
        #expect(try Fixtures.item(#""tracker":0"#)?.tracker == "")
        #expect(try Fixtures.item(#""tracker":5"#)?.tracker == nil)
        #expect(try Fixtures.item(#""original_url":["a"]"#)?.originalURL == nil)
        #expect(try Fixtures.item(#""original_url":null"#)?.originalURL == nil)
    }

    @Test("a state that is no text makes the state unreadable, an empty one is none")
    func states() throws {
        #expect(try Fixtures.item(#""download_state":5"#)?.hasUnreadableState == true)
        #expect(try Fixtures.item(#""download_state":{}"#)?.hasUnreadableState == true)
        for value in ["\"\"", "null", "0", "false"] {
            let item = try #require(try Fixtures.item(#""download_state":\#(value)"#))
            #expect(item.downloadState == nil)
            #expect(!item.hasUnreadableState)
        }
    }

    @Test(
        "a status of queued in any letter case marks the row",
        arguments: [("queued", true), ("QuEuEd", true), (" queued", false), ("queue", false)])
    func queued(text: String, isMarked: Bool) throws {
        #expect(try Fixtures.item(#""status":"\#(text)""#)?.isMarkedQueued == isMarked)
    }

    @Test("times are dates or milliseconds, and 0 is missing")
    func times() throws {
        let item = try #require(
            try Fixtures.item(#""created_at":1787191200000,"cached_at":0,"expires_at":"2026-08-20 02:00:00""#))
        #expect(item.createdAt?.milliseconds == 1_787_191_200_000)
        #expect(item.cachedAt == nil)
        #expect(item.expiresAt == item.createdAt)
        #expect(try Fixtures.item(#""created_at":true"#)?.createdAt == nil)
        #expect(try Fixtures.item(#""created_at":1e300"#)?.createdAt == nil)
    }

    @Test("an empty hash is none")
    func hash() throws {
        #expect(try Fixtures.item(#""hash":"""#)?.hash == nil)
        #expect(try Fixtures.item(#""hash":"ABC""#)?.hash == "abc")
        #expect(try Fixtures.item(#""hash":"abc9Z""#)?.hash == "abc9z")
        #expect(try Fixtures.item(#""hash":"ÀÉ""#)?.hash == "àé")
    }
}
