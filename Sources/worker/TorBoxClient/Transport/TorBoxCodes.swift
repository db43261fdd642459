/// TorBox's own error codes, sorted by what they allow to conclude.
enum TorBoxCodes {
    static let itemNotFound = "ITEM_NOT_FOUND"
    static let activeLimit = "ACTIVE_LIMIT"
    static let cooldown = "COOLDOWN_LIMIT"
    static let duplicateItem = "DUPLICATE_ITEM"
    static let planRestricted = "PLAN_RESTRICTED_FEATURE"

    /// Speak about the key, when the status does too (AUTH_ERROR with 500 is TorBox's own trouble).
    static let authentication: Set<String> = ["AUTH_ERROR", "NO_AUTH", "BAD_TOKEN"]
    /// Speak about the key whatever the status below 500.
    static let plainlyBadKey: Set<String> = ["NO_AUTH", "BAD_TOKEN"]
    static let rateLimits: Set<String> = ["RATE_LIMIT_EXCEEDED", "RATE_LIMIT", "TOO_MANY_REQUESTS"]

    /// The caller's fault by TorBox's own rule, so certain not to have been carried out. A code that is not here, and
    /// every code that ends in ERROR, leaves it open whether something was done.
    static let certainRefusals: Set<String> = [
        "ENDPOINT_NOT_FOUND", "INVALID_OPTION", "MISSING_REQUIRED_OPTION", "TOO_MANY_OPTIONS", "TOO_MUCH_DATA",
        duplicateItem, "DOWNLOAD_TOO_LARGE", "BOZO_TORRENT", "BOZO_NZB", "BOZO_FILE", "BOZO_RSS_FEED", "BOZO_REGEX",
        "MONTHLY_LIMIT", cooldown, "LINK_OFFLINE", "DIFF_ISSUE", "INVALID_DEVICE", "VENDOR_DISABLED",
        "BAD_CONFIRMATION", "CONFIRMATION_EXPIRED", "AIRLOCK_LIMIT_REACHED", "NOT_ALLOWED", "INVALID_INPUT",
        "PERMISSION_DENIED", "BANNED_USER", "SEEDING_LIMIT", planRestricted, activeLimit, itemNotFound,
    ]

    /// Texts by which a 5xx is known for a business answer although it has no telling code. Source: stock. Only used to
    /// keep such answers from counting as an outage, and to know the active limit of a start.
    static func soundsLikeBusiness(_ detail: String?) -> Bool {
        guard let detail = detail?.lowercased() else { return false }
        return [
            "active download limit", "upgrade your plan", "monthly limit", "too many", "already exists", "duplicate",
        ].contains { detail.contains($0) }
    }

    static func soundsLikeActiveLimit(_ detail: String?) -> Bool {
        guard let detail = detail?.lowercased() else { return false }
        return detail.contains("active download limit") || detail.contains("active limit")
    }
}
