/// What stands in every answer, whoever wrote it: our name, the time and security headers (source: REST contract,
/// section 0.5).
enum FixedHeaders {
    private static let security =
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
        ].map { "\r\n" + $0 }.joined()

    /// What follows `Server: `, the other headers on lines of their own, for more to be added.
    static var valueOfServer: HeaderLines {
        var lines = HeaderLines()
        lines.add("torbox-backend\r\nDate: ")
        lines.add(HTTPDate.shared.text)
        lines.add(security)
        return lines
    }
}
