/// Invented names made of words that a rule can look for.
enum ItemNames {
    static let words = [
        "Amber", "Beacon", "Cobalt", "Drift", "Ember", "Fable", "Granite", "Harbour", "Island", "Juniper", "Lantern",
        "Meadow", "Northern", "Orchard", "Quartz", "River", "Signal", "Timber", "Velvet", "Willow",
    ]
    static let qualities = ["720p", "1080p", "2160p", "FLAC", "ISO", "S01", "S02", "S03E04"]
    static let foreign = ["Été à la mer", "夜の図書館", "Полярный день", "مدينة الرمال", "Ñandú & Søn", "🌊 tide 🌙"]

    static func drawn(from generator: inout SeededGenerator) -> String {
        let year = Int.random(in: 1930...2026, using: &generator)
        let quality = pick(qualities, &generator)
        if generator.chance(0.06) { return "\(pick(foreign, &generator)) \(year) \(quality)" }
        return "\(pick(words, &generator)).\(pick(words, &generator)).\(year).\(quality)"
    }

    static func pick(_ list: [String], _ generator: inout SeededGenerator) -> String {
        list[Int.random(in: 0..<list.count, using: &generator)]
    }
}
