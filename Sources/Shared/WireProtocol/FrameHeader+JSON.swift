import DomainModel

/// The header as the JSON on the wire.
///
/// Own code because every request pays for it four times; with Foundation's coders the version was read by a second pass, too.
extension FrameHeader {
    /// Compact, members in the order of their names, those that are nil left out.
    func json() -> [UInt8] {
        var members = MemberWriter()
        members.write(#","args":"#, parameters)
        members.write(#","code":"#, code)
        members.write(#","credit":"#, credit)
        members.write(#","epoch":"#, epoch)
        members.write(#","file":"#, fileName)
        members.write(#","id":"#, correlationID)
        members.write(#","k":"#, kind.rawValue)
        members.write(#","key":"#, credential)
        members.write(#","ms":"#, deadlineMilliseconds)
        members.write(#","n":"#, number)
        members.write(#","op":"#, operation)
        members.write(#","retry":"#, retryAfterSeconds)
        members.write(#","status":"#, status)
        members.write(#","tag":"#, entityTag)
        members.write(#","type":"#, contentType)
        members.write(#","user":"#, user?.hex)
        members.write(#","v":"#, version)
        return members.finished()
    }

    /// Members of other names are passed over, so that a later version may add some. The version is looked at first, so that
    /// it may change every other member.
    init(json bytes: UnsafeBufferPointer<UInt8>) throws(WireError) {
        var plain = PlainHeaderReader(bytes)
        if let header = plain.read() {
            self = header
        } else {
            try self.init(anyJSON: bytes)
        }
    }

    /// The same for JSON in any form.
    init(anyJSON bytes: UnsafeBufferPointer<UInt8>) throws(WireError) {
        // What is wrong with it beyond that helps nobody: the connection is closed.
        guard case .object(let members)? = try? JSONValue(parsing: bytes),
            let version = members["v"]?.integerValue.flatMap(Int.init(exactly:))
        else { throw WireError(.malformedHeader, "header is no JSON object with a version") }
        guard ProtocolVersion.accepted.contains(version) else {
            throw WireError(
                .unsupportedVersion, "protocol version \(version), this build understands \(ProtocolVersion.accepted)")
        }
        let reader = MemberReader(members: members)
        guard let kind = try reader.text("k").flatMap(Kind.init(rawValue:)), let number: UInt64 = try reader.number("n")
        else { throw MemberReader.unexpectedShape }
        self.init(kind: kind, number: number)
        operation = try reader.text("op")
        user = try reader.user("user")
        epoch = try reader.number("epoch")
        deadlineMilliseconds = try reader.number("ms")
        correlationID = try reader.text("id")
        parameters = try reader.texts("args")
        credential = try reader.text("key")
        status = try reader.number("status")
        code = try reader.text("code")
        contentType = try reader.text("type")
        entityTag = try reader.text("tag")
        fileName = try reader.text("file")
        retryAfterSeconds = try reader.number("retry")
        credit = try reader.number("credit")
    }
}

/// Writes the members of one object. Each is given with the comma before it and the colon after it, so that both take no
/// writing of their own.
private struct MemberWriter {
    /// Most headers are not longer; longer ones make the array grow.
    private static let expectedBytes = 256

    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(Self.expectedBytes) }

    mutating func write(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        append(name)
        write(text)
    }

    mutating func write(_ name: StaticString, _ number: (some FixedWidthInteger)?) {
        guard let number else { return }
        append(name)
        bytes.append(contentsOf: number.description.utf8)
    }

    mutating func write(_ name: StaticString, _ texts: [String: String]?) {
        guard let texts else { return }
        append(name)
        append("{")
        for (index, member) in texts.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { append(",") }
            write(member.key)
            append(":")
            write(member.value)
        }
        append("}")
    }

    /// With at least one member, as every header has.
    consuming func finished() -> [UInt8] {
        // In place of the first member's comma.
        bytes[0] = UInt8(ascii: "{")
        append("}")
        return bytes
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func write(_ text: String) {
        append("\"")
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        let isPlain = bytes[start...].allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard isPlain else {
            bytes.removeSubrange((start - 1)...)
            bytes.append(contentsOf: JSONValue.string(text).compactText.utf8)
            return
        }
        append("\"")
    }
}

/// Reads members that may be missing or null, but must else be what they should be.
private struct MemberReader {
    let members: [String: JSONValue]

    static let unexpectedShape = WireError(.malformedHeader, "header does not have the expected shape")

    func text(_ name: String) throws(WireError) -> String? {
        switch members[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw Self.unexpectedShape
        }
    }

    func number<Number: FixedWidthInteger>(_ name: String) throws(WireError) -> Number? {
        guard let member = members[name], !member.isNull else { return nil }
        guard let number = member.integerValue.flatMap(Number.init(exactly:)) else { throw Self.unexpectedShape }
        return number
    }

    func texts(_ name: String) throws(WireError) -> [String: String]? {
        guard let member = members[name], !member.isNull else { return nil }
        guard let object = member.objectValue else { throw Self.unexpectedShape }
        var texts: [String: String] = [:]
        for (key, value) in object {
            guard case .string(let text) = value else { throw Self.unexpectedShape }
            texts[key] = text
        }
        return texts
    }

    func user(_ name: String) throws(WireError) -> UserID? {
        guard let text = try text(name) else { return nil }
        guard let user = UserID(text) else { throw Self.unexpectedShape }
        return user
    }
}
