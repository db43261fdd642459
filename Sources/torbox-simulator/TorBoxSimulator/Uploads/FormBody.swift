/// The fields of a create call, from multipart or url-encoded form data.
struct FormBody: Sendable, Equatable {
    var fields: [String: String] = [:]
    /// The content of the `file` part.
    var file: [UInt8]?
    var fileName: String?

    /// - Returns: nil when the content type is neither of the two, or a multipart body lacks its boundary.
    init?(_ bytes: [UInt8], contentType: String) {
        let type = contentType.lowercased()
        if type.hasPrefix("application/x-www-form-urlencoded") {
            fields = URLText.fields(String(decoding: bytes, as: UTF8.self))
        } else if type.hasPrefix("multipart/form-data"), let boundary = Self.boundary(in: contentType) {
            readParts(bytes, boundary: boundary)
        } else {
            return nil
        }
    }

    /// Whether a field says yes, in any of the usual forms.
    func flag(_ key: String) -> Bool { ["true", "1", "yes"].contains(fields[key]?.lowercased() ?? "") }

    private static func boundary(in contentType: String) -> String? {
        guard let value = contentType.firstRange(of: "boundary=") else { return nil }
        let text = contentType[value.upperBound...].prefix { $0 != ";" }
        let bare = text.filter { $0 != "\"" }
        return bare.isEmpty ? nil : bare
    }

    private mutating func readParts(_ bytes: [UInt8], boundary: String) {
        let mark = Array("--\(boundary)".utf8)
        let starts = bytes.places(of: mark)
        for (start, end) in zip(starts, starts.dropFirst()) {
            // A part is: mark, CRLF, header lines, empty line, content, CRLF.
            let part = bytes[(start + mark.count)..<end]
            // Its head is short; the content may be anything.
            guard let gap = Array(part.prefix(4_096)).places(of: [13, 10, 13, 10]).first else { continue }
            let head = String(decoding: part.prefix(gap), as: UTF8.self)
            keep(Array(part.dropFirst(gap + 4).dropLast(2)), head: head)
        }
    }

    private mutating func keep(_ content: [UInt8], head: String) {
        guard let name = Self.parameter("name", in: head) else { return }
        if name == "file" {
            file = content
            fileName = Self.parameter("filename", in: head)
        } else {
            fields[name] = String(decoding: content, as: UTF8.self)
        }
    }

    private static func parameter(_ key: String, in head: String) -> String? {
        guard let start = head.firstRange(of: "; \(key)=\"") else { return nil }
        return String(head[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension [UInt8] {
    /// Where a mark occurs.
    fileprivate func places(of mark: [UInt8]) -> [Int] {
        var places: [Int] = []
        var place = 0
        guard let first = mark.first else { return [] }
        while place + mark.count <= count {
            if self[place] == first, self[place..<(place + mark.count)].elementsEqual(mark) {
                places.append(place)
                place += mark.count
            } else {
                place += 1
            }
        }
        return places
    }
}
