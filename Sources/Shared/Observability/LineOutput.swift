import Glibc
import Synchronization

/// Where log lines go, one whole line at a time.
package final class LineOutput: Sendable {
    package static let standardError = LineOutput { line in
        var line = line
        line.withUTF8 { write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }

    private let sink: @Sendable (String) -> Void
    private let lock = Mutex(())

    /// `sink` gets each line with its line end, one at a time.
    package init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    func write(_ line: String) { lock.withLock { _ in sink(line + "\n") } }

    /// One write call for a line, as a rule: lines of several threads and processes do not mix. What a signal cut
    /// short is completed; a reader that is gone or does not read is not worth stopping for.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || errno != EINTR {
                return
            }
        }
    }
}
