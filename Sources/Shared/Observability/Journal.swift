import CSystemd
import Glibc

/// systemd's journal, when standard error is connected to it.
package enum Journal {
    /// Whether what we write to standard error goes to the journal. systemd names the stream that it has made in
    /// `JOURNAL_STREAM`; a redirected standard error is another one.
    package static let isStandardError: Bool = {
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else { return false }
        var info = stat()
        guard fstat(STDERR_FILENO, &info) == 0 else { return false }
        return stream == "\(info.st_dev):\(info.st_ino)"
    }()

    /// False when the journal did not take it.
    static func send(_ entry: JournalEntry) -> Bool {
        // One array for all texts, so that every address stays good until the call is over.
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for field in entry.fields {
            bytes.append(contentsOf: field.utf8)
            ends.append(bytes.count)
        }
        return bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return false }
            var start = 0
            let vectors = ends.map { end in
                defer { start = end }
                return iovec(iov_base: base + start, iov_len: end - start)
            }
            return sd_journal_sendv(vectors, Int32(vectors.count)) == 0
        }
    }
}
