import DomainModel

/// Reads headers as our own writer makes them: compact, of ASCII without escapes, of no other members. Nil for all else,
/// which is then read as any JSON; so this decides nothing, it only spares a tree of values four times a request.
struct PlainHeaderReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var version: Int64?
    private var kind: FrameHeader.Kind?
    private var number: UInt64?
    private var header = FrameHeader(kind: .request, number: 0)

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func read() -> FrameHeader? {
        guard skip("{") else { return nil }
        repeat {
            guard let name = name(), member(name) else { return nil }
        } while skip(",")
        guard skip("}"), position == bytes.count, let kind, let number else { return nil }
        guard let version = version.flatMap(Int.init(exactly:)), ProtocolVersion.accepted.contains(version) else {
            return nil
        }
        (header.version, header.kind, header.number) = (version, kind, number)
        return header
    }

    /// Reads a value into its place. False when it is none of the kind that belongs there.
    private mutating func member(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        if bytes.count > position, bytes[position] == UInt8(ascii: "\"") {
            guard let text = quoted() else { return false }
            return take(name, text)
        }
        if matches(name, "args") {
            header.parameters = texts()
            return header.parameters != nil
        }
        guard let number = wholeNumber() else { return false }
        return take(name, number)
    }

    private mutating func take(_ name: UnsafeBufferPointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if matches(name, "user") {
            header.user = UserID(digits: bytes)
            return header.user != nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        switch name.count {
        case 1 where matches(name, "k"): kind = FrameHeader.Kind(rawValue: text)
        case 2 where matches(name, "op"): header.operation = text
        case 2 where matches(name, "id"): header.correlationID = text
        case 3 where matches(name, "key"): header.credential = text
        case 3 where matches(name, "tag"): header.entityTag = text
        case 4 where matches(name, "type"): header.contentType = text
        case 4 where matches(name, "code"): header.code = text
        case 4 where matches(name, "file"): header.fileName = text
        default: return false
        }
        return true
    }

    private mutating func take(_ name: UnsafeBufferPointer<UInt8>, _ whole: Int64) -> Bool {
        switch name.count {
        case 1 where matches(name, "n"): number = UInt64(whole)
        case 1 where matches(name, "v"): version = whole
        case 2 where matches(name, "ms"): header.deadlineMilliseconds = whole
        case 5 where matches(name, "epoch"): header.epoch = UInt64(whole)
        case 5 where matches(name, "retry"): header.retryAfterSeconds = Int(whole)
        case 6 where matches(name, "status"): header.status = Int(whole)
        case 6 where matches(name, "credit"): header.credit = Int(whole)
        default: return false
        }
        return true
    }

    // MARK: Pieces

    private func matches(_ name: UnsafeBufferPointer<UInt8>, _ expected: StaticString) -> Bool {
        name.count == expected.utf8CodeUnitCount && name.indices.allSatisfy { name[$0] == expected.utf8Start[$0] }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func name() -> UnsafeBufferPointer<UInt8>? {
        guard let name = quoted(), skip(":") else { return nil }
        return name
    }

    private mutating func text() -> String? { quoted().map { String(decoding: $0, as: UTF8.self) } }

    /// What stands between two quotes. Nil when there is anything in it that needs a second look.
    private mutating func quoted() -> UnsafeBufferPointer<UInt8>? {
        guard skip("\"") else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return UnsafeBufferPointer(rebasing: bytes[start..<position])
            }
            guard (0x20..<0x80).contains(byte), byte != UInt8(ascii: "\\") else { return nil }
            position += 1
        }
        return nil
    }

    /// Up to 18 digits, which always fit, without a sign or a leading zero.
    private mutating func wholeNumber() -> Int64? {
        let start = position
        var value: Int64 = 0
        while position < bytes.count, let digit = digit(bytes[position]) {
            value = value &* 10 &+ digit
            position += 1
        }
        let length = position - start
        guard (1...18).contains(length), length == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
        return value
    }

    private func digit(_ byte: UInt8) -> Int64? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? Int64(digit) : nil
    }

    private mutating func texts() -> [String: String]? {
        guard skip("{") else { return nil }
        var texts: [String: String] = [:]
        if skip("}") { return texts }
        repeat {
            guard let name = name(), let text = text() else { return nil }
            texts[String(decoding: name, as: UTF8.self)] = text
        } while skip(",")
        return skip("}") ? texts : nil
    }
}
