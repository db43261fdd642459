/// Envelopes as TorBox writes them. Source: torbox-api.md 2 and 3.
extension Answer {
    /// - Parameter data: JSON for the data key; null when nil.
    static func success(_ detail: String, data: [UInt8]? = nil) -> Answer {
        envelope(status: 200, success: true, error: nil, detail: detail, data: data)
    }

    static func failure(_ status: Int, _ error: String?, _ detail: String, data: String = "null") -> Answer {
        envelope(status: status, success: false, error: error, detail: detail, data: Array(data.utf8))
    }

    static func envelope(status: Int, success: Bool, error: String?, detail: String, data: [UInt8]?) -> Answer {
        var json = JSONByteWriter(reserving: (data?.count ?? 0) + 120)
        json.raw("{\"success\":")
        json.bool(success)
        json.raw(",\"error\":")
        json.string(error)
        json.raw(",\"detail\":")
        json.string(detail)
        json.raw(",\"data\":")
        if let data { json.raw(data) } else { json.null() }
        json.raw("}")
        return Answer(status: status, body: json.bytes)
    }

    /// FastAPI's validation error, which is no envelope.
    static func invalid(_ place: String, _ key: String) -> Answer {
        var json = JSONByteWriter()
        json.raw("{\"detail\":[{\"loc\":[")
        json.string(place)
        json.raw(",")
        json.string(key)
        json.raw("],\"msg\":\"value is not valid\",\"type\":\"type_error\"}]}")
        return Answer(status: 422, body: json.bytes)
    }

    static func text(_ status: Int, _ body: String, contentType: String = "application/json") -> Answer {
        Answer(status: status, body: Array(body.utf8), contentType: contentType)
    }

    static let itemNotFound = failure(404, "ITEM_NOT_FOUND", "No such item.")
    static let endpointNotFound = failure(404, "ENDPOINT_NOT_FOUND", "No such endpoint.")
    static let wrongMethod = text(405, "{\"detail\":\"Method Not Allowed\"}")
    static let noAuth = failure(403, "NO_AUTH", "No API key was sent.")
    static let badToken = failure(403, "BAD_TOKEN", "The API key is not valid.")

    static func activeLimit(_ limit: Int, active: Int) -> Answer {
        failure(
            500, "ACTIVE_LIMIT", "The active download limit of \(limit) is reached.",
            data: "{\"active_limit\":\(limit),\"current_active_downloads\":\(active)}")
    }
}
