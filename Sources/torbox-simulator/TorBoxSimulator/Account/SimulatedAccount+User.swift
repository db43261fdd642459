extension SimulatedAccount {
    /// `user/me`: the account's own data, all invented. Source: torbox-api.md 9.
    func user(at second: Int) -> Answer {
        var writer = RowWriter()
        writer.begin(overrides: [:], omitted: [])
        writer.field("id") { $0.int(Int(truncatingIfNeeded: identity.number >> 12)) }
        writer.field("auth_id") { $0.string(identity.authID) }
        writer.field("created_at") { $0.date(SimulatedItem.defaultCreation - 300 * 86_400) }
        writer.field("updated_at") { $0.date(second) }
        writer.field("plan") { $0.int(settings.plan) }
        writer.field("total_downloaded") { $0.int(913) }
        writer.field("customer") { $0.string("cus_INVENTED") }
        writer.field("is_subscribed") { $0.bool(settings.plan != 0) }
        writer.field("premium_expires_at") { $0.date(second + 90 * 86_400) }
        writer.field("cooldown_until") { $0.date(SimulatedItem.defaultCreation - 300 * 86_400) }
        writer.field("email") { $0.string("person-\(identity.shortID)@example.invalid") }
        writer.field("user_referral") { $0.null() }
        writer.field("base_email") { $0.string("person-\(identity.shortID)@example.invalid") }
        writer.field("total_bytes_downloaded") { $0.int(48_213_371_337_000) }
        writer.field("total_bytes_uploaded") { $0.int(9_876_543_210_987) }
        writer.field("torrents_downloaded") { $0.int(700) }
        writer.field("web_downloads_downloaded") { $0.int(13) }
        writer.field("usenet_downloads_downloaded") { $0.int(200) }
        writer.field("additional_concurrent_slots") { $0.int(0) }
        writer.field("long_term_seeding") { $0.bool(false) }
        writer.field("long_term_storage") { $0.bool(false) }
        writer.field("is_vendor") { $0.bool(false) }
        writer.field("vendor_id") { $0.null() }
        writer.field("purchases_referred") { $0.int(0) }
        writer.end()
        return .success("Here is the user.", data: writer.json.bytes)
    }
}
