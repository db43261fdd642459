import ArgumentParser
import Foundation
import StockFixture

/// Makes a stock data directory, for trying `supervisor adopt` by hand.
@main
struct StockFixtureTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torbox-stock-fixture",
        abstract: "Make a stock data directory; prints the settings under which it can be adopted.")

    @Option(help: "A directory that does not exist yet.")
    var to: String

    @Option(help: "january, middle or newest.")
    var schema = "newest"

    @Option(help: "Users.")
    var users = 200

    @Option(help: "MiB of all user files together, roughly; 0 for as little as possible.")
    var megabytes = 0

    @Flag(help: "Users without anything peculiar, as most are.")
    var plain = false

    func run() throws {
        guard let schema = StockSchema(rawValue: schema) else { throw ValidationError("there is no schema \(schema)") }
        guard !FileManager.default.fileExists(atPath: to) else { throw ValidationError("\(to) exists") }
        // Measured: a user has 100 KiB without bulk, and each row of it takes 330 bytes, indexes and other tables included.
        let bulk = max(0, (megabytes << 20) / max(users, 1) - 100_000) / 330
        let fixture = try StockFixture(
            at: to, schema: schema, users: users, oddities: plain ? [.plain] : StockOddity.allCases, bulk: bulk)
        print("ENCRYPTION_KEY=\(StockFixture.masterKey) ENCRYPTION_SALT=\(StockFixture.salt)")
        FileHandle.standardError.write(Data("\(fixture.registrations) registrations in \(to)\n".utf8))
    }
}
