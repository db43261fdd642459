/// An account to add, in JSON: `{"key":"key-1","library":"generated","size":50,"seed":1}`.
struct AccountRequest: Decodable {
    var key: String
    /// `empty`, `generated` or `demo`; absent means empty.
    var library: String?
    /// Torrents of a generated library.
    var size: Int?
    var seed: UInt64?
    var refreshSeconds: Int?
    var activeLimit: Int?
    var plan: Int?
    var cachedHashes: [String]?
    /// Simulated seconds between two births of a role of the demo library.
    var demoPeriod: Int?
    var oddFraction: Double?
    var arrivalFraction: Double?
    var removalFraction: Double?
    var restartFraction: Double?

    /// nil when the kind of library is unknown.
    var settings: AccountSettings? {
        guard let library = simulatedLibrary else { return nil }
        return AccountSettings(
            library: library, seed: seed ?? 1, refreshSeconds: refreshSeconds ?? 1, activeLimit: activeLimit,
            plan: plan ?? 2, cachedHashes: Set(cachedHashes ?? []))
    }

    private var simulatedLibrary: SimulatedLibrary? {
        switch library ?? "empty" {
        case "empty": return .empty
        case "demo": return .demo(DemoLibrary(period: demoPeriod ?? 300))
        case "generated":
            guard case .generated(var make) = SimulatedLibrary.generated(size: size ?? 50) else { return nil }
            make.oddFraction = oddFraction ?? 0
            make.arrivalFraction = arrivalFraction ?? 0
            make.removalFraction = removalFraction ?? 0
            make.restartFraction = restartFraction ?? 0
            return .generated(make)
        default: return nil
        }
    }
}
