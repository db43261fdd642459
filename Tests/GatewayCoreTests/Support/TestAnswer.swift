import DomainModel
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore

/// An HTTP answer as a test looks at it.
struct TestAnswer: Sendable {
    var status: Int
    var headers: HTTPFields
    var text: String

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
    }

    init(status: Int, headers: HTTPFields, text: String) {
        self.status = status
        self.headers = headers
        self.text = text
    }

    /// The JSON body; null when it is none.
    var json: JSONValue {
        // A body that is no JSON is what the expectation then shows.
        (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
    }

    var error: String? { json["error"]?.stringValue }

    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }
}
