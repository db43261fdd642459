import CTorBoxList
package import DomainModel

/// Reads TorBox's list and queue answers. Every input gives a list or an error; one odd row or field never spoils
/// the others.
package enum ItemDecoder {
    /// Bytes behind an answer that spare it from being copied before it is read.
    package static let padding = tbl_padding()

    /// Reads a whole answer. `isQueued` says that it came from the queue call.
    ///
    /// - Parameter roomBehind: Bytes behind `bytes` that are allocated too, whatever they hold; see ``padding``.
    package static func decodeList(
        _ bytes: UnsafeRawBufferPointer, roomBehind: Int = 0, asset: AssetType, isQueued: Bool
    ) throws(ItemDecodingError) -> DecodedList {
        var code: Int32 = 0
        if let document = ListDocument(bytes, roomBehind: roomBehind, error: &code) {
            return decode(document, asset: asset, isQueued: isQueued)
        }
        // One number or text that the fast parser cannot hold is no reason to lose the list.
        if code == TBL_BAD_NUMBER || code == TBL_BAD_TEXT {
            return try decodeSlowly(bytes, asset: asset, isQueued: isQueued)
        }
        throw ItemDecodingError(parserCode: Int(code))
    }

    package static func decodeList(
        _ bytes: [UInt8], asset: AssetType, isQueued: Bool
    ) throws(ItemDecodingError) -> DecodedList {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(ItemDecodingError) in try decodeList(buffer, asset: asset, isQueued: isQueued) }
        }
        return try result.get()
    }

    /// Reads one row; nil when it is no object or has no positive whole number as `id`.
    package static func decodeRow(_ value: JSONValue, asset: AssetType, isQueued: Bool) -> DownloadItem? {
        var census = FieldCensus()
        return build(value, asset: asset, isQueued: isQueued, census: &census).finish()
    }

    /// Reads one row whatever its id, under the number `id`; a value that is no object is a row without fields.
    package static func decodeRow(_ value: JSONValue, asset: AssetType, id: Int64) -> DownloadItem {
        var census = FieldCensus()
        return build(value, asset: asset, isQueued: false, census: &census).finish(id: id)
    }
}

// MARK: - The fast way

extension ItemDecoder {
    /// By place. Made once: the list that `allCases` gives is made anew at every call.
    private static let allFields = ItemField.allCases.map { (place: Int($0.rawValue), field: $0) }

    private static func decode(_ document: borrowing ListDocument, asset: AssetType, isQueued: Bool) -> DecodedList {
        let envelope = document.envelope
        var list = DecodedList(dataKind: DecodedList.DataKind(RawField(envelope.data)))
        list.takeEnvelope(
            success: RawField(envelope.success), error: RawField(envelope.error), detail: RawField(envelope.detail),
            total: RawField(envelope.total))
        if case .array(let count)? = RawField(envelope.data) { list.items.reserveCapacity(count) }
        while let values = document.nextRow() {
            var builder = ItemBuilder(asset: asset, isQueued: isQueued)
            for (place, field) in allFields {
                guard let value = RawField(values[place]) else { continue }
                if builder.take(field, value) { list.census.count(at: place) }
            }
            list.append(builder.finish())
        }
        return list
    }
}

// MARK: - The slow way

extension ItemDecoder {
    private static let fieldsByKey = Dictionary(uniqueKeysWithValues: ItemField.allCases.map { ($0.key, $0) })

    private static func decodeSlowly(
        _ bytes: UnsafeRawBufferPointer, asset: AssetType, isQueued: Bool
    ) throws(ItemDecodingError) -> DecodedList {
        guard let root = try? JSONValue(parsing: bytes.bindMemory(to: UInt8.self)) else { throw .malformed }
        guard case .object(let members) = root else { throw .notAnObject }
        let data = members["data"]
        var list = DecodedList(dataKind: withRawField(data) { DecodedList.DataKind($0) })
        withRawField(members["success"]) { list.takeEnvelope(success: $0) }
        withRawField(members["error"]) { list.takeEnvelope(error: $0) }
        withRawField(members["detail"]) { list.takeEnvelope(detail: $0) }
        withRawField(members["total"]) { list.takeEnvelope(total: $0) }
        let rows = data?.arrayValue ?? (data?.objectValue == nil ? [] : [data ?? .null])
        for row in rows {
            list.append(build(row, asset: asset, isQueued: isQueued, census: &list.census).finish())
        }
        return list
    }

    private static func build(
        _ value: JSONValue, asset: AssetType, isQueued: Bool, census: inout FieldCensus
    ) -> ItemBuilder {
        var builder = ItemBuilder(asset: asset, isQueued: isQueued)
        for (key, value) in value.objectValue ?? [:] {
            guard let field = fieldsByKey[key] else { continue }
            let isUsable = withRawField(value) { raw in raw.map { builder.take(field, $0) } ?? false }
            if isUsable { census[field] += 1 }
        }
        return builder
    }

    private static func withRawField<Outcome>(_ value: JSONValue?, _ body: (RawField?) -> Outcome) -> Outcome {
        switch value {
        case nil: return body(nil)
        case .null: return body(.null)
        case .bool(let flag): return body(.bool(flag))
        case .integer(let whole): return body(.integer(whole))
        case .number(let number): return body(.number(number))
        case .string(var text): return text.withUTF8 { body(.text($0)) }
        case .array(let elements): return body(.array(count: elements.count))
        case .object: return body(.object)
        }
    }
}

// MARK: - Envelopes

extension DecodedList {
    fileprivate mutating func append(_ item: consuming DownloadItem?) {
        if let item { items.append(item) } else { rowsWithoutID += 1 }
    }

    fileprivate mutating func takeEnvelope(
        success: RawField? = nil, error: RawField? = nil, detail: RawField? = nil, total: RawField? = nil
    ) {
        if case .bool(let flag)? = success { self.success = flag }
        if let code = error?.nonEmptyString, code != "null" { errorCode = code }
        if let text = detail?.nonEmptyString { self.detail = text }
        if case .integer(let whole)? = total { self.total = Int(exactly: whole) }
    }
}

extension DecodedList.DataKind {
    fileprivate init(_ value: RawField?) {
        self =
            switch value {
            case nil: .missing
            case .null: .null
            case .array: .list
            case .object: .object
            default: .other
            }
    }
}

extension ItemDecodingError {
    fileprivate init(parserCode: Int) {
        self =
            switch parserCode {
            case TBL_EMPTY: .empty
            case TBL_NOT_UTF8: .notUTF8
            case TBL_TOO_DEEP: .tooDeep
            case TBL_TOO_LARGE: .tooLarge
            case TBL_NOT_AN_OBJECT: .notAnObject
            case TBL_NO_MEMORY: .outOfMemory
            default: .malformed
            }
    }
}
