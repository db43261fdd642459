/// Writes JSON objects key by key, honouring the overrides and omissions of each row.
struct RowWriter {
    var json: JSONByteWriter
    private var overrides: [String: String] = [:]
    private var omitted: Set<String> = []
    private var isPlain = true
    private var isFirst = true

    init(reserving capacity: Int = 0) { json = JSONByteWriter(reserving: capacity) }

    mutating func begin(overrides: [String: String], omitted: Set<String>) {
        isPlain = overrides.isEmpty && omitted.isEmpty
        isFirst = true
        if !isPlain {
            self.overrides = overrides
            self.omitted = omitted
        }
        json.raw("{")
    }

    /// Writes a key and what `value` appends, unless the row overrides or omits the key.
    @inline(__always)
    mutating func field(_ key: StaticString, _ value: (inout JSONByteWriter) -> Void) {
        if !isPlain {
            let name = key.description
            if omitted.contains(name) { return }
            if let override = overrides.removeValue(forKey: name) {
                begin(key)
                return json.raw(override)
            }
        }
        begin(key)
        value(&json)
    }

    /// Closes the object, adding the overrides of keys that TorBox does not know.
    mutating func end() {
        if !isPlain { addUnknownKeys() }
        json.raw("}")
    }

    private mutating func begin(_ key: StaticString) {
        if isFirst { json.raw("\"") } else { json.raw(",\"") }
        isFirst = false
        json.raw(key)
        json.raw("\":")
    }

    private mutating func addUnknownKeys() {
        for key in overrides.keys.sorted() where !omitted.contains(key) {
            if !isFirst { json.raw(",") }
            isFirst = false
            json.string(key)
            json.raw(":")
            json.raw(overrides[key] ?? "null")
        }
    }
}
