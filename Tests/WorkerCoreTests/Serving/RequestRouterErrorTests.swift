import DomainModel
import Foundation
import Logging
import NIOCore
import Storage
import Testing
import WireProtocol

@testable import WorkerCore

@Suite struct RequestRouterErrorTests {
    @Test("a refusal is answered as it says") func refusal() throws {
        let response = answer(Refusal(409, "Tag already exists", detail: "why", code: "CODE"))
        #expect(response.status == 409)
        #expect(
            try body(response) == [
                "success": .bool(false), "error": .string("Tag already exists"), "detail": .string("why"),
                "code": .string("CODE"),
            ])
    }

    @Test(
        "trouble with a file is a 503 with a code that people can look up",
        arguments: [
            (StorageError.Code.corrupt, 503, "SQLITE_CORRUPT"), (.notADatabase, 503, "SQLITE_NOTADB"),
            (.newerSchema, 503, "SCHEMA_MISMATCH"), (.changedMigration, 503, "SCHEMA_MISMATCH"),
            (.diskFull, 503, "SQLITE_FULL"), (.readOnly, 503, "SQLITE_READONLY"), (.locked, 503, "SQLITE_BUSY"),
            (.cannotOpen, 503, "SQLITE_CANTOPEN"), (.closed, 503, nil), (.constraint, 500, nil), (.other, 500, nil),
        ] as [(StorageError.Code, Int, String?)])
    func storage(code: StorageError.Code, status: Int, text: String?) throws {
        let response = answer(StorageError(code, "secret path /srv/data and SELECT", hint: "hint"))
        #expect(response.status == status)
        let body = try body(response)
        #expect(body["code"]?.stringValue == text)
        #expect(body["success"] == .bool(false))
        #expect(!"\(body)".contains("secret") && !"\(body)".contains("hint"))
    }

    @Test("an error that nobody mapped is a plain 500") func unknown() throws {
        struct Odd: Error { let secret = "key" }
        let response = answer(Odd())
        #expect(response.status == 500)
        #expect(try body(response) == ["success": .bool(false), "error": .string("Internal server error")])
    }

    @Test("a request that was given up is a 503 to be tried again") func cancelled() {
        let response = answer(CancellationError())
        #expect(response.status == 503)
        #expect(response.retryAfterSeconds == 1)
    }

    private func answer(_ error: any Error) -> Response {
        RequestRouter.response(to: error, Request(operation: "test", timeout: .seconds(1)), Logger(label: "test"))
    }

    private func body(_ response: Response) throws -> [String: JSONValue] {
        guard case .bytes(let buffer) = response.body else { return [:] }
        return try JSONDecoder().decode(JSONValue.self, from: Data(buffer.readableBytesView)).objectValue ?? [:]
    }
}
