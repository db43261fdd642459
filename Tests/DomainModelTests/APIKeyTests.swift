import DomainModel
import Testing

@Suite struct APIKeyTests {
    private struct Holder {
        var key = APIKey("hunter2-secret")
        var optional: APIKey? = APIKey("hunter2-secret")
    }

    @Test("a key shows nowhere: not printed, reflected, dumped, nor inside another value")
    func redacted() {
        let key = APIKey("hunter2-secret")
        var dumped = ""
        dump(key, to: &dumped)
        dump(Holder(), to: &dumped)
        let shown = [
            "\(key)", String(reflecting: key), "\(Holder())", String(reflecting: Holder()), "\([key])",
            "\([key: 1])", String(describing: Optional(key)), dumped,
        ]
        for text in shown { #expect(!text.contains("hunter2"), "\(text)") }
        #expect("\(key)" == "<redacted>")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test("the key itself is kept byte for byte")
    func revealed() {
        let text = " ümlaut\u{0}\n"
        #expect(Array(APIKey(text).revealed.utf8) == Array(text.utf8))
        #expect(APIKey("a") == APIKey("a") && APIKey("a") != APIKey("A"))
    }
}
