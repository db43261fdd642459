import Crypto
import DomainModel
import Logging
import Registry
import TorBoxClient
import UserStore
import WireProtocol

/// `/api/backend/api-key` and `/api/backend/api-key/ensure-db`: how users come to us.
struct RegistrationHandlers: Sendable {
    let users: UserAccess
    let client: TorBoxClient
    let uploads: UploadQueue

    /// The frontend gives up after 10 s, so TorBox's word on a key must come well before.
    static let validationBudget: Duration = .seconds(7)

    /// Stores (again) a key that TorBox accepts; an inactive user becomes active.
    @concurrent func register(_ context: RequestContext) async throws -> Response {
        try await validateAndRegister(context)
        return Reply.success {
            $0.member("message", "API key registered")
            $0.member("authId", Self.keyID(context).hex)
        }
    }

    /// Makes sure that the user is registered and has a file.
    @concurrent func ensure(_ context: RequestContext) async throws -> Response {
        let record = users.directory[context.user]
        if record == nil, context.movedFrom == nil, let owner = try await users.owner(ofKey: context.user) {
            throw MovedUser(owner: owner)
        }
        let isKnown = record.map { ($0.keyID ?? $0.id) == Self.keyID(context) } ?? false
        let hadFile = users.pool.fileExists(for: context.user)
        if isKnown {
            // Opening makes the file when it is missing.
            try await users.open(context.user)
            if let record, record.isActive, record.accountID == nil { await learnAccount(of: record, context) }
        } else {
            try await validateAndRegister(context)
        }
        let wasCreated = !isKnown || !hadFile
        return Reply.success {
            $0.member("authId", Self.keyID(context).hex)
            $0.member("dbExists", true)
            $0.member("wasCreated", wasCreated)
            $0.member("message", wasCreated ? "Database created" : "Database already exists")
        }
    }

    private func validateAndRegister(_ context: RequestContext) async throws {
        guard let key = context.request.credential, !key.revealed.isEmpty else {
            throw Refusal(400, "API key is required")
        }
        // Only what can stand in a header; anything else cannot be a key and must not reach one.
        guard key.revealed.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), Self.userID(of: key) == Self.keyID(context)
        else {
            throw Refusal(400, "Invalid API key format")
        }
        let name = try context.jsonObject()["keyName"]?.stringValue
        let person: TorBoxUser
        do {
            let account = TorBoxAccount(user: context.user, key: key)
            person = try await client.user(account, within: Self.validationBudget)
        } catch {
            context.logger.notice("key not accepted at registration", metadata: ["reason": "\(error)"])
            throw Refusal(400, "Invalid API key or TorBox API unavailable")
        }
        try await checkOwner(context, account: person.id)
        let user = NewUser(
            id: context.user, encryptedKey: try users.keys.encrypt(key), keyName: name,
            databasePath: users.pool.path(of: context.user), at: users.now(),
            accountID: person.id, keyID: Self.keyID(context))
        let record = try await users.registry.register(user)
        // The file of one who was removed before may be made again.
        users.pool.admit(context.user)
        users.directory.insert([record])
        try await users.open(context.user)
        if record.hasActiveRules { await users.scheduler.pollNow(context.user) }
        await uploads.keyRenewed(context.user)
        context.logger.notice("user registered", metadata: ["user.id": "\(context.user.short)"])
    }

    /// Users from before this was kept, or from stock, have no number of their account yet. Learned in passing, so that a later
    /// key finds them; when TorBox is away, the next time.
    private func learnAccount(of record: RegisteredUser, _ context: RequestContext) async {
        guard let key = context.request.credential, Self.userID(of: key) == Self.keyID(context) else { return }
        do {
            let account = TorBoxAccount(user: record.id, key: key)
            guard let number = try await client.user(account, within: .seconds(2)).id else { return }
            let user = NewUser(
                id: record.id, encryptedKey: try users.keys.encrypt(key), keyName: record.keyName,
                databasePath: record.databasePath, at: users.now(), accountID: number, keyID: record.keyID)
            try await users.registry.register(user)
            users.directory.update(record.id) {
                $0.accountID = number
                $0.encryptedKey = user.encryptedKey
            }
        } catch {
            context.logger.debug("the account's number is not known yet", metadata: ["reason": "\(error)"])
        }
    }

    /// The id that the credential stands for.
    private static func keyID(_ context: RequestContext) -> UserID { context.movedFrom ?? context.user }

    /// A new key of a known account is its user's; without a number of the account every key is a user of its own, as in stock.
    private func checkOwner(_ context: RequestContext, account: Int64?) async throws {
        if context.movedFrom != nil {
            guard let account, users.directory[context.user]?.accountID == account else {
                throw Refusal(403, "The API key belongs to another TorBox account")
            }
        } else if users.directory[context.user] == nil, let account,
            let owner = try await users.registry.user(ofAccount: account), owner != context.user
        {
            users.directory.setOwner(ofKey: context.user, owner)
            throw MovedUser(owner: owner)
        }
    }

    static func userID(of key: APIKey) -> UserID? {
        UserID(Hex.text(SHA256.hash(data: Array(key.revealed.utf8))))
    }
}
