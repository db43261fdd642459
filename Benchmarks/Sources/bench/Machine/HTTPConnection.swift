import Foundation
import Synchronization

/// One connection of ``HTTP``; blocks.
final class HTTPConnection: Sendable {
    /// The connection ended where an answer should have begun.
    struct EndedBeforeAnswer: Error {}

    private static let idle = Mutex<[String: [HTTPConnection]]>([:])
    /// Nothing that is measured takes longer. In seconds.
    private static let patience = 60

    private let name: String
    private let descriptor: Int32

    /// One that is connected already, if any.
    static func kept(_ host: String, _ port: Int) -> HTTPConnection? {
        idle.withLock { $0["\(host):\(port)"]?.popLast() }
    }

    init(_ host: String, _ port: Int) throws {
        name = "\(host):\(port)"
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        guard descriptor >= 0, inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw ChildProgram.Failure(description: "\(name) is no address of this machine")
        }
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw failure("connect") }
    }

    deinit { close(descriptor) }

    /// Sends a request and reads its answer; the connection is kept for the next one.
    func exchange(_ request: String) throws -> (status: Int, body: Data) {
        try write(Array(request.utf8))
        var (bytes, head) = ([UInt8](), Head?.none)
        while true {
            if head == nil { head = try Head(bytes) }
            if let head, bytes.count >= head.length + head.bodyLength {
                if !head.closes { Self.idle.withLock { $0[name, default: []].append(self) } }
                return (head.status, Data(bytes[head.length..<head.length + head.bodyLength]))
            }
            try read(into: &bytes)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno == EPIPE || errno == ECONNRESET { throw EndedBeforeAnswer() }
                throw failure("write")
            }
            sent += count
        }
    }

    private func read(into bytes: inout [UInt8]) throws {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
            return count
        }
        guard count <= 0 else { return }
        if bytes.isEmpty, count == 0 || errno == ECONNRESET { throw EndedBeforeAnswer() }
        throw count == 0 ? ChildProgram.Failure(description: "\(name) closed amid an answer") : failure("read")
    }

    private func failure(_ call: String) -> ChildProgram.Failure {
        ChildProgram.Failure(description: "\(call) \(name): \(String(cString: strerror(errno)))")
    }

    /// What the client needs to know of an answer's head.
    private struct Head {
        var status = 0
        var bodyLength = 0
        var closes = false
        /// Bytes with the empty line.
        var length = 0

        /// Nil while it is not whole.
        init?(_ bytes: [UInt8]) throws {
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            length = end.upperBound
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            var announced: Int? = [204, 304].contains(status) ? 0 : nil
            for line in lines.dropFirst() {
                let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                guard pair.count == 2 else { continue }
                if pair[0].lowercased() == "content-length" { announced = Int(pair[1]) }
                if pair[0].lowercased() == "connection" { closes = pair[1].lowercased() == "close" }
            }
            guard let announced else {
                throw ChildProgram.Failure(description: "an answer that does not say how long it is: \(lines[0])")
            }
            bodyLength = announced
        }
    }
}
