import DomainModel
import NIOCore
import WireProtocol

extension Frame {
    /// Any frame that may be sent: every field present or not, odd texts, numbers from end to end.
    static func random(using generator: inout SeededGenerator) -> Frame {
        var header = FrameHeader(
            kind: FrameHeader.Kind.all.randomElement(using: &generator) ?? .request,
            number: UInt64.random(in: 0...FrameHeader.largestNumber, using: &generator))
        header.operation = generator.maybe { $0.text() }
        header.user = generator.maybe { $0.user() } ?? nil
        header.epoch = generator.maybe { UInt64.random(in: 0...FrameHeader.largestNumber, using: &$0) }
        header.deadlineMilliseconds = generator.maybe { Int64.random(in: .min ... .max, using: &$0) }
        header.correlationID = generator.maybe { $0.text() }
        header.parameters = generator.maybe { [$0.text(): $0.text(), "id": $0.text()] }
        header.credential = generator.maybe { $0.text() }
        header.status = generator.maybe { Int.random(in: 100...599, using: &$0) }
        header.code = generator.maybe { $0.text() }
        header.contentType = generator.maybe { $0.text() }
        header.retryAfterSeconds = generator.maybe { Int.random(in: 0...86_400, using: &$0) }
        header.credit = generator.maybe { Int.random(in: .min ... .max, using: &$0) }
        let length = Int.random(in: 0...2_000, using: &generator)
        let body = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Frame(header: header, body: ByteBuffer(bytes: body))
    }
}

extension FrameHeader.Kind {
    static let all: [Self] = [.request, .answer, .part, .cancel, .credit, .control]
}

extension SeededGenerator {
    fileprivate mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? {
        Bool.random(using: &self) ? make(&self) : nil
    }

    fileprivate mutating func text() -> String {
        let pieces = ["a", "\"", "\\", "/", "\n", "\u{0}", "\u{1F}", "\u{2028}", "é", "漢", "🧲", " ", "e\u{301}"]
        let length = Int.random(in: 0...12, using: &self)
        return (0..<length).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }

    fileprivate mutating func user() -> UserID? {
        UserID(String((0..<64).map { _ in "0123456789abcdef".randomElement(using: &self) ?? "0" }))
    }
}
