import DomainModel
import Foundation
import ServiceHarness
import StockFixture

/// A stock data directory and a place to adopt it into.
struct Adoption {
    let fixture: StockFixture
    let stock: TemporaryDirectory
    let target: TemporaryDirectory
    var environment: [String: String]

    init(_ schema: StockSchema, users: Int, oddities: [StockOddity] = StockOddity.allCases) throws {
        let stock = try TemporaryDirectory()
        try self.init(
            StockFixture(at: "\(stock.path)/data", schema: schema, users: users, oddities: oddities), in: stock)
    }

    private init(_ fixture: StockFixture, in stock: TemporaryDirectory) throws {
        self.fixture = fixture
        self.stock = stock
        target = try TemporaryDirectory()
        environment = [
            "DATA_DIR": target.path, "ENCRYPTION_KEY": StockFixture.masterKey,
            "ENCRYPTION_SALT": StockFixture.salt, "TMPDIR": stock.path, "LOG_FORMAT": "text",
        ]
    }

    /// The same source, another place.
    func elsewhere() throws -> Adoption { try Adoption(fixture, in: stock) }

    func start(_ flags: String..., environment extra: [String: String] = [:]) throws -> AdoptProcess {
        try AdoptProcess(
            ["--from", fixture.directory, "--json"] + flags, environment: environment.merging(extra) { $1 },
            scratch: stock)
    }

    func run(_ flags: [String] = [], environment extra: [String: String] = [:]) async throws -> AdoptProcess.Outcome {
        try await AdoptProcess(
            ["--from", fixture.directory, "--json"] + flags, environment: environment.merging(extra) { $1 },
            scratch: stock
        ).outcome()
    }

    func file(of user: FixtureUser) -> String { "\(target.path)/users/user_\(user.id).sqlite" }

    /// Everything that is in a directory, by path, as a checksum of its content would tell.
    static func contents(of directory: String) throws -> [String: Data] {
        let files = FileManager.default.enumerator(atPath: directory)
        var contents: [String: Data] = [:]
        while let name = files?.nextObject() as? String {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else { continue }
            contents[name] = data
        }
        return contents
    }
}
