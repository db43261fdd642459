package import NIOCore

/// `u32 header length, header JSON, u32 body length, body`, lengths big endian: the one codec of both sides.
package enum FrameCodec {
    /// The most that one frame can take, lengths included.
    package static let maximumFrameBytes = 8 + WireLimits.maximumHeaderBytes + WireLimits.maximumBodyBytes

    /// Takes the next whole frame off the front of `buffer`; nil when more bytes are needed (the reader is then
    /// left where it was). Throws as soon as a length shows that the rest cannot be taken; version and header are
    /// looked at when the frame is whole.
    package static func decode(from buffer: inout ByteBuffer) throws(WireError) -> Frame? {
        let start = buffer.readerIndex
        guard let headerLength = buffer.getInteger(at: start, as: UInt32.self) else { return nil }
        guard headerLength <= WireLimits.maximumHeaderBytes else {
            throw WireError(.headerTooLong, "header of \(headerLength) bytes, limit \(WireLimits.maximumHeaderBytes)")
        }
        let bodyLengthIndex = start + 4 + Int(headerLength)
        guard let bodyLength = buffer.getInteger(at: bodyLengthIndex, as: UInt32.self) else { return nil }
        guard bodyLength <= WireLimits.maximumBodyBytes else {
            throw WireError(.bodyTooLong, "body of \(bodyLength) bytes, limit \(WireLimits.maximumBodyBytes)")
        }
        guard buffer.readableBytes >= 8 + Int(headerLength) + Int(bodyLength) else { return nil }
        let header = try decodeHeader(buffer, at: start + 4, length: Int(headerLength))
        buffer.moveReaderIndex(to: bodyLengthIndex + 4)
        FrameTraffic.countReceived()
        return Frame(header: header, body: buffer.readSlice(length: Int(bodyLength)) ?? ByteBuffer())
    }

    /// Appends the frame. Throws when header or body is over its limit, and then appends nothing.
    package static func encode(_ frame: Frame, into buffer: inout ByteBuffer) throws(WireError) {
        let bodyLength = frame.body.readableBytes
        guard bodyLength <= WireLimits.maximumBodyBytes else {
            throw WireError(.bodyTooLong, "body of \(bodyLength) bytes, limit \(WireLimits.maximumBodyBytes)")
        }
        let header = frame.header.json()
        guard header.count <= WireLimits.maximumHeaderBytes else {
            throw WireError(.headerTooLong, "header of \(header.count) bytes, limit \(WireLimits.maximumHeaderBytes)")
        }
        buffer.reserveCapacity(minimumWritableBytes: 8 + header.count + bodyLength)
        buffer.writeInteger(UInt32(header.count))
        buffer.writeBytes(header)
        buffer.writeInteger(UInt32(bodyLength))
        buffer.writeImmutableBuffer(frame.body)
        FrameTraffic.countSent()
    }

    private static func decodeHeader(_ buffer: ByteBuffer, at index: Int, length: Int) throws(WireError) -> FrameHeader
    {
        let slice = buffer.getSlice(at: index, length: length) ?? ByteBuffer()
        let header = slice.withUnsafeReadableBytes { bytes in
            Result { () throws(WireError) in try FrameHeader(json: bytes.bindMemory(to: UInt8.self)) }
        }
        return try header.get()
    }
}

/// The codec as a NIO decoder. A frame that cannot be understood fails the channel with a ``WireError``.
package final class FrameDecoder: ByteToMessageDecoder {
    package typealias InboundOut = Frame

    package init() {}

    package func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let frame = try FrameCodec.decode(from: &buffer) else { return .needMoreData }
        context.fireChannelRead(Self.wrapInboundOut(frame))
        return .continue
    }

    package func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        return .needMoreData
    }
}
