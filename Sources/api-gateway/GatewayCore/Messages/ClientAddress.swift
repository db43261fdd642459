import Glibc
import NIOCore

/// Where a client sits, as far as rate limits are concerned.
struct ClientAddress: Sendable, Equatable {
    private enum Network: Sendable, Equatable {
        case ipv4(UInt32)
        /// The first 64 bits, which is what one customer of a provider has at least.
        case ipv6(UInt64)
        case unknown
    }

    private let network: Network
    /// Loopback or a private IPv4 network, as where the frontend's container sits. Not limited.
    let isPrivate: Bool

    static let unknown = ClientAddress(network: .unknown, isPrivate: false)

    private init(network: Network, isPrivate: Bool) {
        self.network = network
        self.isPrivate = isPrivate
    }

    /// Nil unless `text` is an IPv4 or IPv6 address.
    init?(_ text: String) {
        var (ipv4, ipv6) = (UInt32(0), (UInt64(0), UInt64(0)))
        if inet_pton(AF_INET, text, &ipv4) == 1 {
            self.init(ipv4: UInt32(bigEndian: ipv4))
        } else if withUnsafeMutableBytes(of: &ipv6, { inet_pton(AF_INET6, text, $0.baseAddress) }) == 1 {
            self.init(ipv6: UInt64(bigEndian: ipv6.0), UInt64(bigEndian: ipv6.1))
        } else {
            return nil
        }
    }

    /// Reads the address where the system's structures have it, because each request pays for it.
    private init(_ peer: SocketAddress) {
        switch peer {
        case .v4(let peer):
            // After family and port.
            let address = withUnsafeBytes(of: peer.address) { $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
            self.init(ipv4: UInt32(bigEndian: address))
        case .v6(let peer):
            // After family, port and flow.
            let (first, last) = withUnsafeBytes(of: peer.address) {
                (
                    $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                    $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                )
            }
            self.init(ipv6: UInt64(bigEndian: first), UInt64(bigEndian: last))
        case .unixDomainSocket: self = .unknown
        }
    }

    private init(ipv6 first: UInt64, _ last: UInt64) {
        // An IPv4 address in the clothes of IPv6.
        if first == 0, last >> 32 == 0xffff {
            self.init(ipv4: UInt32(truncatingIfNeeded: last))
        } else {
            self.init(network: .ipv6(first), isPrivate: first == 0 && last == 1)
        }
    }

    private init(ipv4 address: UInt32) {
        let isPrivate =
            switch (address >> 24, address >> 16 & 0xff) {
            case (127, _), (10, _), (172, 16...31), (192, 168): true
            default: false
            }
        self.init(network: .ipv4(address), isPrivate: isPrivate)
    }

    /// What requests are counted by: an IPv4 address, or the first half of an IPv6 address.
    var key: String {
        switch network {
        case .ipv4(let address):
            stride(from: 24, through: 0, by: -8).map { String(address >> UInt32($0) & 0xff) }.joined(separator: ".")
        case .ipv6(let first):
            stride(from: 48, through: 0, by: -16).map { String(first >> UInt64($0) & 0xffff, radix: 16) }
                .joined(separator: ":") + "::/64"
        case .unknown: "unknown"
        }
    }

    /// Whom a request comes from: the peer, or with one trusted proxy in front what that proxy saw.
    static func of(
        peer: SocketAddress?, forwardedFor: @autoclosure () -> String?, trustsProxy: Bool
    ) -> ClientAddress {
        if trustsProxy, let last = forwardedFor()?.split(separator: ",").last, let address = ClientAddress(last.trimmed)
        {
            return address
        }
        return peer.map { ClientAddress($0) } ?? .unknown
    }
}
