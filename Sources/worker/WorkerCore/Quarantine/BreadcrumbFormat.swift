import DomainModel

/// What a breadcrumb file looks like: lines of one length, the first about the process, one for each piece of work.
///
/// ```
/// crumbs 1 w 5f8e…boot id…              (w at work, d draining)
/// p 1a2b…64 digits…                     (p poll)
/// r 1a2b…64 digits… rules.replace       (r request; a blank first: over)
/// ```
/// Text, so that an operator can read it after a crash.
enum BreadcrumbFormat {
    static let lineLength = 100
    private static let newline = UInt8(ascii: "\n")
    private static let blank = UInt8(ascii: " ")
    private static let magic = "crumbs 1 "

    /// Where in the first line the state is.
    static let stateOffset = magic.utf8.count
    static let atWork = UInt8(ascii: "w")
    static let draining = UInt8(ascii: "d")
    static let over = blank
    /// Where in a line of work the digits of the user begin; the kind is the first byte.
    static let userOffset = 2

    static let digits = 64
    /// Where in a line of a request its operation begins; it goes on to the end of the line.
    static let operationOffset = userOffset + digits + 1
    static let operationLength = lineLength - 1 - operationOffset

    static let poll = UInt8(ascii: "p")
    static let request = UInt8(ascii: "r")

    /// A file with nothing under way.
    static func empty(lines: Int, boot: String) -> [UInt8] {
        let head = line(magic + String(UnicodeScalar(atWork)) + " " + boot)
        return head + Array(repeating: line(""), count: lines).joined()
    }

    private static func line(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(lineLength - 1))
        return bytes + Array(repeating: blank, count: lineLength - 1 - bytes.count) + [newline]
    }

    /// What a process left behind.
    struct Remains: Sendable, Equatable {
        /// It was ending in order, or the machine went down with it: then it is nobody's fault.
        var isBlameless: Bool
        var users: [UserID: UnfinishedWork]
        /// Where in the file each line of work is, for every user.
        var lines: [UserID: [Int]]
    }

    /// Nil for something else, or for a file that was never finished.
    static func read(_ bytes: [UInt8], boot: String) -> Remains? {
        guard bytes.count >= lineLength, bytes.starts(with: magic.utf8) else { return nil }
        let head = String(decoding: bytes[..<(lineLength - 1)], as: UTF8.self).split(separator: " ")
        let isBlameless = bytes[stateOffset] != atWork || head.last.map(String.init) != boot
        var remains = Remains(isBlameless: isBlameless, users: [:], lines: [:])
        for start in stride(from: lineLength, to: bytes.count - lineLength + 1, by: lineLength) {
            guard bytes[start] == poll || bytes[start] == request else { continue }
            let line = bytes[start..<(start + lineLength - 1)]
            let name = line.dropFirst(userOffset).prefix(digits)
            guard let user = UserID(String(decoding: name, as: UTF8.self)) else { continue }
            if bytes[start] == poll {
                remains.users[user, default: UnfinishedWork()].isPoll = true
            } else {
                let operation = String(decoding: line.dropFirst(operationOffset), as: UTF8.self)
                remains.users[user, default: UnfinishedWork()].operations.insert(
                    String(operation.prefix { $0 != " " }))
            }
            remains.lines[user, default: []].append(start)
        }
        return remains
    }
}
