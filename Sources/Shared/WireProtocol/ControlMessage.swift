package import DomainModel
import Foundation
import NIOCore
import NIOFoundationCompat
package import Sharding

/// What a child and its supervisor tell each other over the control channel. End of file is a message too:
/// to the child it means that the supervisor is gone, to the supervisor that the child is.
package enum ControlMessage: Sendable, Equatable {
    // MARK: From the child

    /// The first message: the process is up and reads the channel.
    case hello(ChildGreeting)
    /// The child can do its work: a worker owns its slots and listens, a gateway accepts.
    case ready
    /// Sent every few seconds while the child's own loops turn.
    case alive(ChildHealth)
    /// The worker no longer owns these slots: polls ended, files closed, locks given back.
    case released(slots: [Slot], epoch: UInt64)
    /// Everything finished or journalled; the child exits 0 next.
    case drained
    /// The child says what it cannot do, in words for the operator, before it exits.
    case failed(reason: String)

    // MARK: From the supervisor

    /// To a worker: own these slots of the map from now on. To the gateway: route by this map.
    case assign(SlotMap)
    /// To a worker: give these slots up (the new map follows as `assign`).
    case release(slots: [Slot], epoch: UInt64)
    /// To a worker: an operator says that destructive actions may go on although many users' rules match far more than
    /// before.
    case liftBreaker
    /// Stop taking work, finish or journal what is under way, answer `drained`, exit 0.
    case drain
    /// To a gateway: another accepts in your place. Accept no more and drain, but let clients be those who end
    /// connections without a request, as long as your time allows.
    case retire
}

package struct ChildGreeting: Codable, Sendable, Equatable {
    /// `worker` or `gateway`.
    package var role: String
    package var index: Int
    package var pid: Int32
    package var version: String

    package init(role: String, index: Int, pid: Int32, version: String) {
        self.role = role
        self.index = index
        self.pid = pid
        self.version = version
    }
}

/// Facts for the watchdog and for status. All numbers are as of the moment of sending.
package struct ChildHealth: Codable, Sendable, Equatable {
    /// How late a timer of the child fired, in milliseconds.
    package var loopLagMilliseconds: Int64
    /// Gauges by name, such as `requests`, `users`, `polls.due`, `polls.overdue`, `actions`.
    package var gauges: [String: Int64]
    /// The first few of those whom the child does nothing for at present; nil for none.
    package var quarantined: [QuarantinedUser]?

    /// A check-in names no more than these.
    package static let quarantinedShown = 20

    package init(
        loopLagMilliseconds: Int64 = 0, gauges: [String: Int64] = [:], quarantined: [QuarantinedUser] = []
    ) {
        self.loopLagMilliseconds = loopLagMilliseconds
        self.gauges = gauges
        self.quarantined = quarantined.isEmpty ? nil : quarantined
    }
}

/// A user whose trouble is kept from the others, in words for the operator.
package struct QuarantinedUser: Codable, Sendable, Equatable {
    /// The first eight digits of the id.
    package var user: String
    /// `crash_in_poll`, `crash_in_request`, `damaged_file`.
    package var reason: String
    /// ISO 8601; in the past while it is being tried whether the trouble is over.
    package var until: String

    package init(user: String, reason: String, until: String) {
        self.user = user
        self.reason = reason
        self.until = until
    }
}

extension ControlMessage {
    private struct SlotList: Codable {
        var slots: [UInt8]
        var epoch: UInt64
    }
    private struct Reason: Codable { var reason: String }

    /// The frame that carries the message.
    package func frame() throws -> Frame {
        switch self {
        case .hello(let greeting): try Self.frame("hello", greeting)
        case .ready: Self.frame("ready")
        case .alive(let health): try Self.frame("alive", health)
        case .released(let slots, let epoch):
            try Self.frame("released", SlotList(slots: slots.map(\.number), epoch: epoch))
        case .drained: Self.frame("drained")
        case .failed(let reason): try Self.frame("failed", Reason(reason: reason))
        case .assign(let map): try Self.frame("assign", map)
        case .release(let slots, let epoch):
            try Self.frame("release", SlotList(slots: slots.map(\.number), epoch: epoch))
        case .liftBreaker: Self.frame("lift-breaker")
        case .drain: Self.frame("drain")
        case .retire: Self.frame("retire")
        }
    }

    /// Reads a message back. Throws ``WireError`` `.unexpectedFrame` for anything else.
    package init(_ frame: Frame) throws {
        guard frame.header.kind == .control, let name = frame.header.operation else {
            throw WireError(.unexpectedFrame, "a \(frame.header.kind.rawValue) frame on a control channel")
        }
        switch name {
        case "hello": self = .hello(try Self.read(frame))
        case "ready": self = .ready
        case "alive": self = .alive(try Self.read(frame))
        case "released":
            let list: SlotList = try Self.read(frame)
            self = .released(slots: list.slots.map(Slot.init), epoch: list.epoch)
        case "drained": self = .drained
        case "failed": self = .failed(reason: (try Self.read(frame) as Reason).reason)
        case "assign": self = .assign(try Self.read(frame))
        case "release":
            let list: SlotList = try Self.read(frame)
            self = .release(slots: list.slots.map(Slot.init), epoch: list.epoch)
        case "lift-breaker": self = .liftBreaker
        case "drain": self = .drain
        case "retire": self = .retire
        default: throw WireError(.unexpectedFrame, "unknown control message \(name)")
        }
    }

    private static func frame(_ name: String) -> Frame {
        var header = FrameHeader(kind: .control, number: 0)
        header.operation = name
        return Frame(header: header)
    }

    private static func frame(_ name: String, _ payload: some Encodable) throws -> Frame {
        var result = frame(name)
        result.body = ByteBuffer(data: try JSONEncoder().encode(payload))
        return result
    }

    private static func read<Payload: Decodable>(_ frame: Frame) throws(WireError) -> Payload {
        do {
            return try JSONDecoder().decode(Payload.self, from: Data(buffer: frame.body))
        } catch {
            throw WireError(.unexpectedFrame, "control message \(frame.header.operation ?? ""): \(error)")
        }
    }
}
