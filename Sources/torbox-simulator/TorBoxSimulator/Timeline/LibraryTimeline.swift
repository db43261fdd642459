/// The births of a library in order; what becomes of each row is its own ``RowTimeline``.
///
/// Pure: the same library, seed, account and base give the same births, however often and whenever they are asked for.
struct LibraryTimeline: Sendable {
    /// Births still to come, latest first, so that taking the next one is cheap.
    private var pending: [LibraryBirth] = []
    private var demo: DemoSchedule?

    /// - Parameters:
    ///   - account: A number that stands for the account.
    ///   - base: The Unix second that counts as the library's start.
    init(_ library: SimulatedLibrary, seed: UInt64, account: UInt64, base: Int) {
        switch library {
        case .empty: break
        case .generated(let make):
            let composer = RowComposer(library: make, seed: seed, account: account, base: base)
            pending = composer.births().sorted { $0.second > $1.second }
        case .demo(let make):
            demo = DemoSchedule(library: make, seed: seed, account: account, base: base)
        }
    }

    /// Whether rows may still appear or change.
    var isEmpty: Bool { pending.isEmpty && demo == nil }

    /// Takes the births up to and including a second, oldest first.
    mutating func births(through second: Int) -> [LibraryBirth] {
        var born: [LibraryBirth] = []
        while let next = pending.last, next.second <= second {
            born.append(next)
            pending.removeLast()
        }
        if demo != nil { born += demo?.births(through: second) ?? [] }
        return born
    }
}
