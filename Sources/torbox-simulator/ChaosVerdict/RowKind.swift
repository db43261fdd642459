/// What may be done to a row of an account that stands still. The row's name begins with it: `doomed.17`.
package enum RowKind: String, Sendable, CaseIterable {
    /// To be deleted once its ratio is above 2.
    case doomed
    /// To be deleted once its ratio is above 2, while the rule that is toggled is on.
    case toggled
    /// To be stopped from seeding once its ratio is above 2.
    case stopped
    /// Only a rule that is off fits.
    case shielded
    /// A rule fits, but it is airlocked at TorBox.
    case airlocked
    /// A rule fits, but the user protects it.
    case guarded
    /// No rule fits.
    case kept

    /// The limit of every rule here.
    package static let ratioLimit = 2.0

    /// - Parameter name: A row's name; nil when it is none of ours.
    package init?(rowName name: String) {
        self.init(rawValue: String(name.prefix { $0 != "." }))
    }

    /// What a rule may ask for; nil when nothing may happen to it.
    package var operation: String? {
        switch self {
        case .doomed, .toggled: "delete"
        case .stopped: "stop_seeding"
        case .shielded, .airlocked, .guarded, .kept: nil
        }
    }
}
