import DomainModel
import NIOCore
import Testing
import WireProtocol

@Suite struct RequestTests {
    @Test(
        "durations become whole milliseconds, towards zero and never out of range",
        arguments: [
            (Duration.zero, 0), (.milliseconds(1_500), 1_500), (.microseconds(1_999), 1), (.microseconds(-1_999), -1),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), .min), (.milliseconds(Int64.max), .max),
            (.milliseconds(Int64.max) + .milliseconds(1), .max), (.milliseconds(Int64.min), .min),
            (.milliseconds(Int64.min) - .milliseconds(1), .min),
        ] as [(Duration, Int64)])
    func milliseconds(duration: Duration, expected: Int64) {
        #expect(duration.wholeMilliseconds == expected)
    }

    @Test("a request survives its frame")
    func roundTrip() throws {
        let user = try #require(UserID(String(repeating: "0f", count: 32)))
        let request = Request(
            operation: Operation.registerKey, user: user, epoch: .max, timeout: .milliseconds(250),
            correlationID: "c", parameters: ["a": "b"], credential: APIKey("key"), body: ByteBuffer(string: "x"))
        let read = try #require(Request(request.frame(number: 3)))
        #expect(read.operation == request.operation && read.user == user && read.epoch == .max)
        #expect(read.timeout == .milliseconds(250) && read.correlationID == "c" && read.parameters == ["a": "b"])
        #expect(read.credential == APIKey("key") && String(buffer: read.body) == "x")
    }

    @Test("only a request frame with an operation is a request")
    func other() {
        #expect(Request(.answer(1)) == nil)
        #expect(Request(.bare(.request, 1)) == nil)
    }

    @Test("a time that a peer sends is never negative")
    func negativeTime() {
        var frame = Frame.request(1)
        frame.header.deadlineMilliseconds = .min
        #expect(Request(frame)?.timeout == .zero)
    }

    @Test("a printed request shows no API key")
    func secrets() {
        let request = Request(operation: Operation.registerKey, timeout: .zero, credential: APIKey("hunter2"))
        #expect(!"\(request)".contains("hunter2") && !String(reflecting: request).contains("hunter2"))
    }

    @Test("an answer without a status is an error of the worker's")
    func noStatus() {
        #expect(Response(header: FrameHeader(kind: .answer, number: 1), body: .bytes(ByteBuffer())).status == 500)
        #expect(Response(status: 409, code: "moved", epoch: 2).isMoved)
    }
}
