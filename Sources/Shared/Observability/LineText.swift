/// How text goes into a log line so that it stays one line and a reader can tell where it ends.
enum LineText {
    /// A JSON text, quotation marks included. What could break a line or drive a terminal is escaped.
    static func quoted(_ text: String) -> String { "\"" + escaped(text, alsoQuotes: true) + "\"" }

    /// As it is when it cannot be misread, else as a JSON text.
    static func quotedIfNeeded(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && !isBreaking($0) }
        return isPlain && !text.isEmpty ? text : quoted(text)
    }

    /// Words for people: only what could break the line is escaped.
    static func singleLine(_ text: String) -> String {
        text.unicodeScalars.contains(where: isBreaking) ? escaped(text, alsoQuotes: false) : text
    }

    private static func escaped(_ text: String, alsoQuotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where alsoQuotes, "\\" where alsoQuotes:
                result.append("\\")
                result.append(scalar)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case _ where isBreaking(scalar):
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                result.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Controls (line ends and terminal escapes among them), and Unicode's line and paragraph separators.
    private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}
