/// What stands in every answer, whoever wrote it: our name, the time and security headers (source: REST contract,
/// section 0.5).
enum FixedHeaders {
    private static let security = Array(
        [
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Resource-Policy: same-origin",
            "Origin-Agent-Cluster: ?1",
            "Referrer-Policy: no-referrer",
            "Strict-Transport-Security: max-age=31536000; includeSubDomains",
            "X-Content-Type-Options: nosniff",
            "X-DNS-Prefetch-Control: off",
            "X-Download-Options: noopen",
            "X-Frame-Options: SAMEORIGIN",
            "X-Permitted-Cross-Domain-Policies: none",
            "X-XSS-Protection: 0",
        ].map { "\r\n" + $0 }.joined().utf8)

    /// Bytes of a whole head, as a rule; longer ones make the text grow.
    private static let expectedBytes = 1_024

    /// What follows `Server: `, the other headers on lines of their own. Room for more is left at its end.
    static var valueOfServer: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedBytes)
        bytes.append(contentsOf: "torbox-backend\r\nDate: ".utf8)
        bytes.append(contentsOf: HTTPDate.shared.text.utf8)
        bytes.append(contentsOf: security)
        return bytes
    }
}
