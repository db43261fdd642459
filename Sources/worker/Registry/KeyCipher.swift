import Crypto
import CryptoExtras
package import DomainModel
import Foundation

/// Encrypts users' API keys as stock does, so that its rows stay readable and ours are readable to it.
///
/// AES-256-GCM without associated data, 16 random bytes of IV for each value, under a key derived with scrypt (N = 16384,
/// r = 8, p = 1). Stored as `hex(iv):hex(tag):hex(ciphertext)`, lowercase.
package struct KeyCipher: Sendable {
    /// The salt where `ENCRYPTION_SALT` is not set.
    package static let defaultSalt = "torbox-salt"

    private static let ivLength = 16
    private static let tagLength = 16
    private let key: SymmetricKey

    /// Derives the key: 16 MiB and some 50 ms of work, so once per process.
    ///
    /// - Parameters:
    ///   - masterKey: `ENCRYPTION_KEY` as text, never decoded or trimmed.
    ///   - salt: `ENCRYPTION_SALT` as text.
    /// - Throws: `emptyMasterKey`. Stock then falls back to a public key; we never encrypt under one.
    package init(key masterKey: String, salt: String = KeyCipher.defaultSalt) throws(KeyCipherError) {
        guard !masterKey.isEmpty else {
            throw KeyCipherError(
                .emptyMasterKey, "cannot derive the encryption key: the master key is empty", hint: "set ENCRYPTION_KEY"
            )
        }
        do {
            key = try KDF.Scrypt.deriveKey(
                from: Array(masterKey.utf8), salt: Array(salt.utf8), outputByteCount: 32, rounds: 16_384, blockSize: 8,
                parallelism: 1)
        } catch {
            throw KeyCipherError(.failed, "cannot derive the encryption key: \(error)")
        }
    }

    /// What stock encrypted with when nobody had given it a key: known to everyone, so for reading only, never for writing.
    package static func publicDefault() throws(KeyCipherError) -> KeyCipher {
        try KeyCipher(key: "default-dev-key-change-in-production", salt: "salt")
    }

    /// The text to store for a key; another one at every call.
    package func encrypt(_ apiKey: APIKey) throws(KeyCipherError) -> String {
        try encrypt(apiKey, iv: (0..<Self.ivLength).map { _ in UInt8.random(in: 0...UInt8.max) })
    }

    /// With a given IV, for test vectors only: a repeated IV gives the key away.
    func encrypt(_ apiKey: APIKey, iv: [UInt8]) throws(KeyCipherError) -> String {
        do {
            let box = try AES.GCM.seal(Array(apiKey.revealed.utf8), using: key, nonce: AES.GCM.Nonce(data: iv))
            return "\(Hex.text(iv)):\(Hex.text(box.tag)):\(Hex.text(box.ciphertext))"
        } catch {
            throw KeyCipherError(.failed, "cannot encrypt an API key: \(error)")
        }
    }

    /// The key in a stored text.
    ///
    /// - Throws: `malformed`, or `wrongMasterKey` when it was made under another master key or salt.
    package func decrypt(_ stored: String) throws(KeyCipherError) -> APIKey {
        let parts = stored.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Hex.bytes)
        guard parts.count == 3, let iv = parts[0], let tag = parts[1], let ciphertext = parts[2],
            iv.count == Self.ivLength, tag.count == Self.tagLength
        else { throw KeyCipherError(.malformed, "cannot decrypt a stored API key: it is not iv:tag:ciphertext in hex") }
        let plain: Data
        do {
            let box = try AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: iv), ciphertext: ciphertext, tag: tag)
            plain = try AES.GCM.open(box, using: key)
        } catch {
            throw KeyCipherError(
                .wrongMasterKey,
                "cannot decrypt a stored API key: it was encrypted under another master key or salt, or was altered",
                hint: "set ENCRYPTION_KEY and ENCRYPTION_SALT to what they were when the user registered")
        }
        guard let text = String(validating: plain, as: UTF8.self) else {
            throw KeyCipherError(.malformed, "cannot decrypt a stored API key: its plain text is not UTF-8")
        }
        return APIKey(text)
    }

    /// The derived key in hex, for test vectors.
    var derivedKeyHex: String { key.withUnsafeBytes { Hex.text(Array($0)) } }
}
