/// `127.0.0.1:9464`, `localhost:9464`, `[::1]:9464`.
package struct HostAndPort: Sendable, Equatable {
    package var host: String
    package var port: Int

    /// Nil when it is no such text.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }
}
