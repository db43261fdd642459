/// What stands in every answer, whoever wrote it: security headers (source: REST contract, section 0.5), our name and
/// the time.
enum FixedHeaders {
    static let security: [(String, String)] = [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Origin-Agent-Cluster", "?1"),
        ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-DNS-Prefetch-Control", "off"),
        ("X-Download-Options", "noopen"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
        ("X-XSS-Protection", "0"),
    ]

    /// How many ``append(to:)`` adds.
    static let count = security.count + 2

    static func append(to headers: inout [(String, String)]) {
        headers.append(contentsOf: security)
        headers.append(("Server", "torbox-backend"))
        headers.append(("Date", HTTPDate.shared.text))
    }
}
