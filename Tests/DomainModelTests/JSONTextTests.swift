import DomainModel
import Testing

@Suite struct JSONTextTests {
    @Test("equal values give equal text, members in the order of their names")
    func compact() throws {
        let value = try JSONValue(
            parsing: #" {"b": [1, 2.5, -0.5, 1e2], "a": {"z": null, "y": true}, "c": "q\"\\\n\u0001é"} "#)
        #expect(value.compactText == #"{"a":{"y":true,"z":null},"b":[1,2.5,-0.5,100],"c":"q\"\\\n\u0001é"}"#)
    }

    @Test("text reads back as the same value", arguments: [0.1, 1e300, 1e-300, 123_456_789.125, -2.5])
    func roundTrip(number: Double) throws {
        #expect(try JSONValue(parsing: JSONValue.number(number).compactText) == .number(number))
    }

    @Test("numbers that JSON cannot write become null")
    func notFinite() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).compactText == "[null,null]")
    }
}
