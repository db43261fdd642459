import Glibc
import NIOCore

/// Where a client sits, as far as rate limits are concerned.
struct ClientAddress: Sendable, Equatable {
    /// What requests are counted by: an IPv4 address, or the first 64 bits of an IPv6 address, which is what one
    /// customer of a provider has at least.
    let key: String
    /// Loopback or a private IPv4 network, as where the frontend's container sits. Not limited.
    let isPrivate: Bool

    static let unknown = ClientAddress(key: "unknown", isPrivate: false)

    private init(key: String, isPrivate: Bool) {
        self.key = key
        self.isPrivate = isPrivate
    }

    /// Nil unless `text` is an IPv4 or IPv6 address.
    init?(_ text: String) {
        if let bytes = Self.parse(text, family: AF_INET, length: 4) {
            self.init(ipv4: bytes)
        } else if let bytes = Self.parse(text, family: AF_INET6, length: 16) {
            self.init(ipv6: bytes)
        } else {
            return nil
        }
    }

    private static func parse(_ text: String, family: Int32, length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    private init(ipv4 bytes: [UInt8]) {
        let isPrivate =
            switch (bytes[0], bytes[1]) {
            case (127, _), (10, _), (172, 16...31), (192, 168): true
            default: false
            }
        self.init(key: bytes.map { String($0) }.joined(separator: "."), isPrivate: isPrivate)
    }

    private init(ipv6 bytes: [UInt8]) {
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        guard !isMapped else {
            self.init(ipv4: Array(bytes.suffix(4)))
            return
        }
        let groups = stride(from: 0, to: 8, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        self.init(
            key: groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/64",
            isPrivate: bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1)
    }

    /// Whom a request comes from: the peer, or with one trusted proxy in front what that proxy saw.
    static func of(peer: SocketAddress?, forwardedFor: String?, trustsProxy: Bool) -> ClientAddress {
        if trustsProxy, let last = forwardedFor?.split(separator: ",").last, let address = ClientAddress(last.trimmed) {
            return address
        }
        return peer?.ipAddress.flatMap { ClientAddress($0) } ?? .unknown
    }
}
