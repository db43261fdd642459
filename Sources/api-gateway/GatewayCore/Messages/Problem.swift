import DomainModel
import Foundation
import HTTPTypes
import NIOCore
import NIOFoundationCompat

/// An answer that says no: status and the body `{"success":false,"error":...}` of the REST contract.
package struct Problem: Error, Sendable, Equatable {
    package var status: Int
    /// What the frontend shows, and in a few cases compares.
    package var error: String
    package var detail: String?
    /// Only where administrators' screens show it.
    package var message: String?
    package var code: String?
    /// Only on 404 of an unknown route.
    package var path: String?
    package var retryAfterSeconds: Int?
    /// The rest of the request is not worth reading.
    package var closesConnection = false

    package init(
        _ status: Int, _ error: String, detail: String? = nil, message: String? = nil, code: String? = nil,
        path: String? = nil,
        retryAfterSeconds: Int? = nil, closesConnection: Bool = false
    ) {
        self.status = status
        self.error = error
        self.detail = detail
        self.message = message
        self.code = code
        self.path = path
        self.retryAfterSeconds = retryAfterSeconds
        self.closesConnection = closesConnection
    }

    /// The JSON document, members in alphabetical order.
    var body: ByteBuffer {
        JSONText.buffer(Body(success: false, error: error, detail: detail, message: message, code: code, path: path))
    }

    private struct Body: Encodable {
        var success: Bool
        var error: String
        var detail: String?
        var message: String?
        var code: String?
        var path: String?
    }
}
