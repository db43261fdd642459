import DomainModel
import UserStore

/// What clients send, checked. Source: REST contract, section 3.1. Pure; throws the ``Refusal`` to answer with.
enum UploadForm {
    static let longestName = 1_000
    static let longestPassword = 1_000
    /// Bytes. Magnet links carry many trackers; nothing honest is longer.
    static let longestLink = 65_536

    static func asset(_ value: JSONValue?) throws -> AssetType {
        guard let asset = value?.stringValue.flatMap(AssetType.init(rawValue:)) else {
            throw Refusal(400, "Invalid type", detail: "type must be torrent, usenet or webdl.")
        }
        return asset
    }

    /// One upload. The file of a file upload still has to be looked for.
    static func upload(_ members: [String: JSONValue], of user: UserID, root: String) throws -> NewUpload {
        let asset = try asset(members["type"])
        guard let source = members["upload_type"]?.stringValue.flatMap(UploadRow.Source.init(rawValue:)) else {
            throw Refusal(400, "Invalid upload_type", detail: "upload_type must be file, magnet or link.")
        }
        guard source != .magnet || asset == .torrent else { throw Refusal(400, "Magnet links are for torrents only") }
        var upload = NewUpload(asset: asset, source: source, name: try name(members["name"]))
        if source == .file {
            upload.filePath = try filePath(members["file_path"], asset, of: user, root: root).description
        } else {
            upload.url = try link(members["url"], source, asset)
        }
        upload.seed = try seed(members["seed"])
        upload.allowsZip = try flag(members["allow_zip"], "allow_zip", default: true)
        upload.asQueued = try flag(members["as_queued"], "as_queued", default: false)
        upload.onlyIfCached = try flag(members["add_only_if_cached"], "add_only_if_cached", default: false)
        upload.password = try password(members["password"])
        return upload
    }

    /// Numbers of uploads, each once.
    static func ids(_ value: JSONValue?) throws -> [Int64] {
        let elements = value?.arrayValue ?? []
        let ids = elements.compactMap(\.integerValue).filter { $0 > 0 }
        guard !ids.isEmpty, ids.count == elements.count else {
            throw Refusal(400, "ids must be a non-empty array of positive integers")
        }
        var seen: Set<Int64> = []
        return ids.filter { seen.insert($0).inserted }
    }

    static func text(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { $0.trimmed.isEmpty ? nil : $0 }
    }

    // MARK: Fields

    private static func name(_ value: JSONValue?) throws -> String {
        guard let name = text(value)?.trimmed else { throw Refusal(400, "name is required") }
        guard name.count <= longestName else { throw Refusal(400, "name must be at most \(longestName) characters") }
        // What a terminal or a log would obey is not part of a name.
        return String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    private static func filePath(
        _ value: JSONValue?, _ asset: AssetType, of user: UserID, root: String
    ) throws -> UploadPath {
        guard let text = text(value) else { throw Refusal(400, "file_path is required for file uploads") }
        guard UploadPath.fits(text, asset) else {
            throw Refusal(400, "Invalid file extension", detail: "The file does not fit the type \(asset.rawValue).")
        }
        guard let path = UploadPath(text, of: user, root: root), path.asset == asset else {
            throw Refusal(
                403, "Access to this file is denied", detail: "file_path must be one that staging has returned.")
        }
        return path
    }

    private static func link(_ value: JSONValue?, _ source: UploadRow.Source, _ asset: AssetType) throws -> String {
        guard let link = text(value)?.trimmed else { throw Refusal(400, "url is required for magnets and links") }
        guard link.utf8.count <= longestLink else { throw Refusal(400, "url must be at most \(longestLink) bytes") }
        if source == .magnet || asset == .torrent {
            guard MagnetLink(link) != nil else {
                throw Refusal(
                    400, "Invalid magnet link", detail: "A magnet link begins with magnet:? and has xt=urn:btih:<hash>."
                )
            }
            return link
        }
        let lowered = link.prefix(8).lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://"), !link.contains(where: \.isWhitespace),
            link.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw Refusal(400, "Invalid url", detail: "A link begins with http:// or https:// and has no spaces.") }
        return link
    }

    private static func seed(_ value: JSONValue?) throws -> Int? {
        guard let value, !value.isNull else { return nil }
        guard let seed = value.integerValue ?? value.stringValue.flatMap({ Int64($0) }), (1...3).contains(seed) else {
            throw Refusal(400, "Invalid seed", detail: "seed must be 1 (auto), 2 (seed) or 3 (do not seed).")
        }
        return Int(seed)
    }

    private static func flag(_ value: JSONValue?, _ name: String, default fallback: Bool) throws -> Bool {
        guard let value, !value.isNull else { return fallback }
        if let flag = value.boolValue { return flag }
        switch value.integerValue {
        case 0: return false
        case 1: return true
        default: throw Refusal(400, "\(name) must be true or false")
        }
    }

    private static func password(_ value: JSONValue?) throws -> String? {
        guard let value, !value.isNull else { return nil }
        guard let password = value.stringValue, password.count <= longestPassword else {
            throw Refusal(400, "password must be a text of at most \(longestPassword) characters")
        }
        return password.isEmpty ? nil : password
    }
}
