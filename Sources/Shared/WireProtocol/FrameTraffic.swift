import Synchronization

/// Frames of this process on all its connections, control channels included, since it began.
package enum FrameTraffic {
    private static let sentCount = Atomic<Int64>(0)
    private static let receivedCount = Atomic<Int64>(0)

    package static var sent: Int64 { sentCount.load(ordering: .relaxed) }
    package static var received: Int64 { receivedCount.load(ordering: .relaxed) }

    static func countSent() { sentCount.wrappingAdd(1, ordering: .relaxed) }

    static func countReceived() { receivedCount.wrappingAdd(1, ordering: .relaxed) }
}
