package import DomainModel
import NIOHTTP1

extension TorBoxClient {
    /// Hashes asked about at once. Source: torbox-api 9.
    package static let cachedHashesAtOnce = 100

    /// Those of the hashes whose data TorBox has already, so that adding them is instant now; the first
    /// ``cachedHashesAtOnce`` are asked about. A hit is no promise that it stays so.
    ///
    /// - Parameter hashes: hex digits in lower case.
    package func cachedHashes(
        _ asset: AssetType, among hashes: [String], for account: TorBoxAccount, within budget: Duration? = nil
    ) async throws(TorBoxError) -> Set<String> {
        let asked = hashes.prefix(Self.cachedHashesAtOnce)
        guard !asked.isEmpty else { return [] }
        let request = TorBoxRequest(
            method: .GET, endpoint: .cached(asset),
            query: [("hash", asked.joined(separator: ",")), ("format", "object"), ("list_files", "false")],
            purpose: .fetch)
        let deadline = deadline(budget, default: configuration.callBudget)
        let found = try await read(request, for: account, until: deadline) { answer throws(TorBoxError) in
            guard let envelope = Envelope(answer.body), envelope.success == true else {
                throw .incomplete(.notSuccessful, "the answer does not say success", status: answer.status)
            }
            return Self.hashes(in: envelope.data)
        }
        return found.intersection(asked)
    }

    /// An object by hash, or a list of objects with a hash; null and empty ones when nothing is cached.
    private static func hashes(in data: JSONValue?) -> Set<String> {
        if let members = data?.objectValue { return Set(members.keys.map { $0.lowercased() }) }
        return Set((data?.arrayValue ?? []).compactMap { $0["hash"]?.stringValue?.lowercased() })
    }
}
