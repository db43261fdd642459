import DomainModel
import NIOHTTP1

extension ContractTable {
    /// Batches come of polls: how they are listed and decided, `ParkedPollTests` shows.
    static let parked = ContractTable(
        name: "parked",
        exchanges: [
            .good("none yet", .GET, path, nil, ["parked": .elements([])]),
            .bad("an unknown one approved", .POST, path + "/9999/approve", nil, 404, "Parked batch not found"),
            .bad("an unknown one rejected", .POST, path + "/9999/reject", nil, 404, "Parked batch not found"),
            .bad("a bad id approved", .POST, path + "/x/approve", nil, 400, badID),
            .bad("a bad id rejected", .POST, path + "/0/reject", nil, 400, badID),
        ])

    private static let path = "/api/automation/parked"
}
