import Crypto
import DomainModel

/// What a TorBox API key may look like, and who it belongs to.
enum CredentialFormat {
    /// Longer ones are no keys; the bound keeps them out of hashes and wire headers.
    static let maximumBytes = 4_096

    /// At least 16 characters once trimmed, only letters, digits and `_ - + . =`.
    static func isAcceptable(_ key: String) -> Bool {
        // Nearly always there is nothing to trim.
        let trimmed = key.utf8.allSatisfy(isKeyByte) ? key.utf8 : key.trimmed.utf8
        return trimmed.count >= 16 && key.utf8.count <= maximumBytes && trimmed.allSatisfy(isKeyByte)
    }

    /// The laxer bound for a key that is about to be asked about at TorBox: printable, and no longer than a header.
    static func canBeTried(_ key: String) -> Bool {
        key.utf8.count <= maximumBytes && key.trimmed.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Lowercase hex SHA-256 of the key, byte for byte as received.
    static func owner(of key: String) -> UserID {
        SHA256.hash(data: Array(key.utf8)).withUnsafeBytes { digest in
            guard let id = UserID(digest: digest) else { preconditionFailure("a SHA-256 digest has 32 bytes") }
            return id
        }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "_-+.=".utf8.contains(byte)
        }
    }
}
