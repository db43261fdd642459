import Testing

@testable import TorBoxSimulator

@Suite struct UploadTests {
    @Test("magnets are known by hex and by base 32") func magnets() {
        let hex = "0123456789abcdef0123456789abcdef01234567"
        #expect(TorrentSource(magnet: "magnet:?dn=A&xt=urn:btih:\(hex.uppercased())&tr=x")?.infoHash == hex)
        #expect(TorrentSource(magnet: "magnet:?xt=urn:btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH")?.infoHash == hex)
        for broken in ["http://a", "magnet:?dn=A", "magnet:?xt=urn:btih:12", "magnet:?xt=urn:btmh:1220"] {
            #expect(TorrentSource(magnet: broken) == nil)
        }
    }

    @Test(
        "what is no well-formed torrent is none",
        arguments: [
            "", "d", "de", "i5e", "d4:infoi5e", "d4:info9:short", "d4:infod3:abce", "d9999999999999999999:e",
            "d-1:e", "d4:infodeeX", "l4:infoe",
        ])
    func brokenFiles(text: String) {
        #expect(TorrentSource(torrentFile: Array(text.utf8)) == nil)
    }

    @Test("endless nesting is refused, not followed") func nesting() {
        let deep = "d4:info" + String(repeating: "l", count: 100_000) + String(repeating: "e", count: 100_001)
        #expect(TorrentSource(torrentFile: Array(deep.utf8)) == nil)
    }

    @Test("multipart parts keep their bytes") func multipart() throws {
        let content: [UInt8] = [0, 13, 10, 255, 45, 45, 88]
        var body = Array("--B\r\nContent-Disposition: form-data; name=\"seed\"\r\n\r\n2\r\n--B\r\n".utf8)
        body += Array("Content-Disposition: form-data; name=\"file\"; filename=\"x.nzb\"\r\n\r\n".utf8)
        body += content + Array("\r\n--B--\r\n".utf8)
        let form = try #require(FormBody(body, contentType: "multipart/form-data; boundary=\"B\""))
        #expect(form.fields == ["seed": "2"])
        #expect(form.file == content)
        #expect(form.fileName == "x.nzb")
        #expect(FormBody(body, contentType: "multipart/form-data") == nil)
        #expect(FormBody(body, contentType: "text/plain") == nil)
    }

    @Test("percent and plus are decoded, and odd escapes do no harm") func urlText() {
        #expect(URLText.fields("a=1%202&b=x+y&c&=d&e=%C3%A9") == ["a": "1 2", "b": "x y", "c": "", "": "d", "e": "é"])
        #expect(URLText.decoded("%zz%4%") == "%zz%4%")
    }
}
