import CTorBoxList
import DomainModel

/// A parsed answer, owned for as long as its rows are read.
struct ListDocument: ~Copyable {
    private let document: OpaquePointer

    /// Nil and the parser's code when the bytes could not be read.
    init?(_ bytes: UnsafeRawBufferPointer, roomBehind: Int, error: inout Int32) {
        let start = bytes.bindMemory(to: UInt8.self).baseAddress
        guard let document = tbl_parse(start, bytes.count, roomBehind, &error) else { return nil }
        self.document = document
    }

    deinit { tbl_free(document) }

    var envelope: tbl_envelope { tbl_envelope_of(document) }

    /// The next row's fields by ``ItemField`` order, nil after the last.
    func nextRow() -> UnsafePointer<tbl_value>? {
        var isObject = false
        return tbl_next_row(document, &isObject)
    }

    /// The names that the parser looks for, to be compared with ``ItemField``.
    static var fieldNames: [String] {
        (0..<tbl_field_count()).map { String(cString: tbl_field_name($0)) }
    }
}

extension RawField {
    /// Nil when the field is missing.
    init?(_ value: tbl_value) {
        switch Int(value.kind) {
        case TBL_NULL: self = .null
        case TBL_BOOL: self = .bool(value.integer != 0)
        case TBL_INTEGER: self = .integer(value.integer)
        case TBL_NUMBER: self = .number(value.number)
        case TBL_TEXT:
            let start = UnsafeRawPointer(value.text)?.assumingMemoryBound(to: UInt8.self)
            self = .text(UnsafeBufferPointer(start: start, count: value.length))
        case TBL_ARRAY: self = .array(count: Int(value.integer))
        case TBL_OBJECT: self = .object
        default: return nil
        }
    }
}
