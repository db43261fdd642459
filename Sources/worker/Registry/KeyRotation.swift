package import DomainModel

/// Re-encrypts all stored API keys under the current master key, page by page, while the service runs.
///
/// What is current already is passed over, so a rotation that was interrupted goes on where it stopped.
package struct KeyRotation: Sendable {
    /// How far it has got, and in the end how it went.
    package struct Report: Sendable, Equatable {
        package var seen = 0
        package var renewed = 0
        /// Users whose key no master key of ours opens. Their rows are left as they are.
        package var unreadable: [UserID] = []
    }

    /// Rows read and written at a time.
    package static let pageSize = 500

    private let registry: any UserRegistry
    private let keys: KeyRing

    package init(registry: any UserRegistry, keys: KeyRing) {
        self.registry = registry
        self.keys = keys
    }

    /// Runs to the end; `progress` is told after every page.
    package func run(progress: (Report) -> Void) async throws -> Report {
        var report = Report()
        var last: UserID?
        while true {
            let page = try await registry.storedKeys(after: last, limit: Self.pageSize)
            guard let end = page.last else { return report }
            let replacements = renew(page, &report)
            try await registry.replaceKeys(replacements)
            report.seen += page.count
            report.renewed += replacements.count
            last = end.user
            progress(report)
        }
    }

    private func renew(_ page: [StoredKey], _ report: inout Report) -> [KeyReplacement] {
        var replacements: [KeyReplacement] = []
        for stored in page {
            do {
                guard case .renewed(let text) = try keys.renewal(of: stored.encryptedKey) else { continue }
                replacements.append(KeyReplacement(user: stored.user, old: stored.encryptedKey, new: text))
            } catch {
                report.unreadable.append(stored.user)
            }
        }
        return replacements
    }
}
