import NIOCore
import WireProtocol

/// Any bytes are frames, too few for one, or an error; in whatever pieces they arrive. What was understood survives
/// being written and read again, as a frame and as the message that it carries.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzFrames(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    // The first byte says where the rest is cut in two.
    let bytes = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(start: start, count: count)[1...])
    let whole = Reading(of: [Array(bytes)])
    let cut = Int(start.pointee) * bytes.count / 256
    precondition(whole == Reading(of: [Array(bytes[..<cut]), Array(bytes[cut...])]), "pieces make a difference")
    for frame in whole.frames { check(frame) }
    return 0
}

/// What a connection makes of bytes that arrive in pieces.
private struct Reading: Equatable {
    var frames: [Frame] = []
    var error: WireError.Code?
    var bytesLeft = 0

    init(of pieces: [[UInt8]]) {
        var buffer = ByteBuffer()
        for piece in pieces where error == nil {
            buffer.writeBytes(piece)
            do {
                while let frame = try FrameCodec.decode(from: &buffer) { frames.append(frame) }
            } catch {
                self.error = error.code
            }
        }
        // After an error the connection ends, and nobody looks at the rest.
        bytesLeft = error == nil ? buffer.readableBytes : 0
    }
}

private func check(_ frame: Frame) {
    precondition(rewritten(frame) == frame, "a frame that was read reads differently after being written")
    if let request = Request(frame), let again = Request(request.frame(number: frame.header.number)) {
        precondition(again.timeout == request.timeout && again.parameters == request.parameters, "a request changed")
    }
    // What is no control message is refused; what is one says the same again.
    guard let message = try? ControlMessage(frame) else { return }
    let again = (try? message.frame()).flatMap { try? ControlMessage($0) }
    precondition(again == message, "a control message changed")
}

private func rewritten(_ frame: Frame) -> Frame? {
    var buffer = ByteBuffer()
    // Written, a header can be longer than it came, because texts are escaped: then it is refused.
    guard (try? FrameCodec.encode(frame, into: &buffer)) != nil else { return frame }
    return try? FrameCodec.decode(from: &buffer)
}
