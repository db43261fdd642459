import Synchronization

/// The settings that apply, and those before the latest reload.
final class CurrentSettings: Sendable {
    private let cell: Mutex<(current: SupervisorSettings, before: SupervisorSettings)>

    init(_ settings: SupervisorSettings) { cell = Mutex((settings, settings)) }

    var value: SupervisorSettings { cell.withLock(\.current) }

    func accept(_ settings: SupervisorSettings) { cell.withLock { $0 = (settings, $0.current) } }

    /// The latest ones did not work.
    func revert() { cell.withLock { $0.current = $0.before } }
}
