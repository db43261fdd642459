import DomainModel

/// The place of a staged file, relative to the storage root: `user_<id>/<kind>/<file>`, as stock lays them out. Pure.
struct UploadPath: Sendable, Hashable, CustomStringConvertible {
    let user: UserID
    let asset: AssetType
    /// Letters, digits, `_`, `-` and one dot before the extension; never a way out of the folder.
    let file: String

    /// Longest name without what is added to it. Source: storage layout of stock.
    static let longestName = 100

    /// A new place for a file that a client calls `name`.
    init(user: UserID, asset: AssetType, name: String, at now: Timestamp, suffix: UInt32) {
        self.user = user
        self.asset = asset
        let fileExtension = Self.fileExtension(asset)
        let base = Self.lastComponent(name).dropLast(fileExtension.count)
        let safe = String(base.map { Self.isPlain($0) ? $0 : "_" }.prefix(Self.longestName))
        file = "\(safe.isEmpty ? "_" : safe)_\(now.milliseconds)_\(String(suffix, radix: 36))\(fileExtension)"
    }

    /// Reads a stored or received path. Nil unless it is a file of that user: relative to `root`, or absolute in it.
    init?(_ text: String, of user: UserID, root: String) {
        let prefix = root.hasSuffix("/") ? root : root + "/"
        let relative = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "user_\(user.hex)", let asset = AssetType(rawValue: String(parts[1])),
            Self.isFileName(parts[2])
        else { return nil }
        self.user = user
        self.asset = asset
        file = String(parts[2])
    }

    var description: String { "user_\(user.hex)/\(asset.rawValue)/\(file)" }

    /// `.torrent` or `.nzb`; empty for kinds that have no files.
    static func fileExtension(_ asset: AssetType) -> String {
        switch asset {
        case .torrent: ".torrent"
        case .usenet: ".nzb"
        case .webdl: ""
        }
    }

    /// Whether a file of that name is one of the kind, going by its extension in any letter case.
    static func fits(_ name: String, _ asset: AssetType) -> Bool {
        let fileExtension = fileExtension(asset)
        return !fileExtension.isEmpty && name.lowercased().hasSuffix(fileExtension)
    }

    /// What follows the last separator of any system.
    static func lastComponent(_ name: String) -> Substring {
        name[(name.lastIndex { $0 == "/" || $0 == "\\" }.map(name.index(after:)) ?? name.startIndex)...]
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }

    /// Neither a step upwards nor hidden, nor anything that a file system or a terminal takes for more than a name.
    private static func isFileName(_ name: Substring) -> Bool {
        guard let first = name.first, first != ".", name.utf8.count <= 255 else { return false }
        return name.allSatisfy { isPlain($0) || $0 == "." }
    }
}
