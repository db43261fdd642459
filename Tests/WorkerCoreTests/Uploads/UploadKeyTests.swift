import Crypto
import DomainModel
import Testing
import UserStore

@testable import WorkerCore

@Suite struct UploadKeyTests {
    private let hex = "0123456789abcdef0123456789abcdef01234567"

    @Test("magnets are known by hex and by base 32, wherever the hash stands")
    func magnets() {
        #expect(MagnetLink("magnet:?dn=A&xt=urn:btih:\(hex.uppercased())&tr=x")?.infoHash == hex)
        #expect(MagnetLink("MAGNET:?xt=urn:btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH")?.infoHash == hex)
        #expect(MagnetLink("magnet:?xt=urn%3Abtih%3A\(hex)")?.infoHash == hex)
        let version2 = "urn:btmh:1220" + String(repeating: "ab", count: 32)
        #expect(MagnetLink("magnet:?xt=\(version2)&xt.1=urn:btih:\(hex)")?.infoHash == hex)
        #expect(MagnetLink("magnet:?xt=\(version2)") != nil)
        #expect(MagnetLink("magnet:?xt=\(version2)")?.infoHash == nil)
    }

    @Test(
        "what names no torrent is no magnet",
        arguments: [
            "", "http://a", "magnet:", "magnet:?dn=A", "magnet:?xt=urn:btih:12", "magnet:?xt=urn:btmh:1220",
            "magnet:?xt=urn:btih:zzzz456789abcdef0123456789abcdef01234567",
            "magnet:?xt=urn:sha1:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH",
            "magnet:?xt=urn:btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRL1", "magnet:?xt=urn:btih:éééééééééééééééééééé",
        ])
    func brokenMagnets(text: String) { #expect(MagnetLink(text) == nil) }

    @Test("a torrent file is known by the SHA-1 of its info dictionary's very bytes")
    func torrents() {
        let info = "d6:lengthi5e4:name5:hello12:piece lengthi16384e6:pieces20:01234567890123456789e"
        let file = TorrentFile(Array("d8:announce3:udp7:comment0:4:info\(info)5:nodesll1:ai1eeee".utf8))
        #expect(file?.infoHash == Hex.text(Insecure.SHA1.hash(data: Array(info.utf8))))
        let version2 = TorrentFile(Array("d4:infod9:file treede12:meta versioni2eee".utf8))
        #expect(version2 != nil && version2?.infoHash == nil)
    }

    @Test(
        "what is no well-formed torrent is none",
        arguments: [
            "", "d", "de", "i5e", "d4:infoi5e", "d4:info9:short", "d4:infod3:abce", "d9999999999999999999:e", "d-1:e",
            "d4:infodeeX", "l4:infoe", "d4:infodi1ei2eee", "d4:infod1:ae", "d4:infode", "d4:infod1:ai-ee", "<html>",
            "d4:infod1:ai1eee extra",
        ])
    func brokenTorrents(text: String) { #expect(TorrentFile(Array(text.utf8)) == nil) }

    @Test("endless nesting does no harm")
    func nesting() {
        let depth = 200_000
        let deep = "d4:infod1:a" + String(repeating: "l", count: depth) + String(repeating: "e", count: depth) + "ee"
        #expect(TorrentFile(Array(deep.utf8)) != nil)
        #expect(TorrentFile(Array(deep.utf8.dropLast())) == nil)
    }

    @Test("links are known by the md5 that TorBox takes, or by themselves; files of usenet only when they are found")
    func links() {
        let row = UploadRow.fixture {
            $0.asset = .webdl
            $0.source = .link
            $0.url = "https://host.example/f"
        }
        let key = UploadKey(row)
        #expect(key.hash == Hex.text(Insecure.MD5.hash(data: Array("https://host.example/f".utf8))))
        #expect(key.isCertain)
        var item = DownloadItem.fixture(ItemKey(asset: .webdl, id: 1))
        #expect(!key.matches(item))
        item.originalURL = "https://host.example/f"
        #expect(key.matches(item))
        let nzb = UploadRow.fixture {
            $0.asset = .usenet
            $0.source = .file
        }
        #expect(!UploadKey(nzb, file: UploadSample.nzb()).isCertain)
        #expect(!UploadKey(nzb).isCertain)
        #expect(!UploadKey(UploadRow.fixture { $0.url = nil }).isCertain)
    }
}
