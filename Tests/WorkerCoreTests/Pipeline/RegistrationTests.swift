import DomainModel
import Registry
import Testing
import TorBoxClient
import TorBoxSimulator
import UserStore
import WireProtocol

@testable import WorkerCore

@Suite(.serialized, .timeLimit(.minutes(5))) struct RegistrationTests {
    @Test("a key that TorBox accepts is stored encrypted, with a file of its own, and may come again") func good()
        async throws
    {
        try await WorkerBench.run { bench in
            let (key, user) = try account("another-key")
            bench.simulator.addAccount(key)
            for _ in 0..<2 {
                let answer = await bench.ask(
                    Operation.registerKey, as: user, credential: key, json: #"{"keyName":"n"}"#)
                #expect(answer.status == 200)
                #expect(answer["authId"] == .string(user.hex))
            }
            let stored = try await bench.parts.registry.user(user)
            #expect(stored?.keyName == "n")
            #expect(stored?.encryptedKey?.contains(key) == false)
            #expect(try bench.parts.users.account(user).key.revealed == key)
            #expect(bench.parts.pool.fileExists(for: user))
            #expect(await bench.ask(Operation.listRules, as: user).status == 200)
        }
    }

    @Test("a key that TorBox does not know leaves no trace") func bad() async throws {
        try await WorkerBench.run { bench in
            let (key, user) = try account("unknown-key")
            let answer = await bench.ask(Operation.registerKey, as: user, credential: key)
            #expect(answer.status == 400)
            #expect(answer["success"] == .bool(false))
            #expect(try await bench.parts.registry.user(user) == nil)
            #expect(!bench.parts.pool.fileExists(for: user))
            #expect(await bench.ask(Operation.listRules, as: user).status == 404)
        }
    }

    @Test(
        "during an outage nobody is registered", arguments: [FaultKind.status(503), .answerLost, .authError, .nullData])
    func outage(fault: FaultKind) async throws {
        try await WorkerBench.run { bench in
            let (key, user) = try account("another-key")
            bench.simulator.addAccount(key)
            bench.simulator.inject(SimulatedFault(fault, endpoints: [.user], times: nil))
            #expect(await bench.ask(Operation.registerKey, as: user, credential: key).status == 400)
            #expect(bench.parts.users.directory[user] == nil)
            bench.simulator.clearFaults()
            #expect(await bench.ask(Operation.ensureUser, as: user, credential: key).status == 200)
        }
    }

    @Test(
        "what cannot be a key never reaches TorBox",
        arguments: [
            "", "two words", "line\nbreak", "tab\t", "ü", "nul\u{0}", "\u{7f}", "🏴",
        ])
    func oddCharacters(key: String) async throws {
        try await WorkerBench.run { bench in
            let user = try #require(RegistrationHandlers.userID(of: APIKey(key)))
            let before = bench.simulator.calls().count
            #expect(await bench.ask(Operation.registerKey, as: user, credential: key).status == 400)
            #expect(bench.simulator.calls().count == before)
        }
    }

    @Test("a key registers its own user and nobody else") func otherUser() async throws {
        try await WorkerBench.run { bench in
            let (key, _) = try account("another-key")
            bench.simulator.addAccount(key)
            #expect(await bench.ask(Operation.registerKey, as: .sample(9), credential: key).status == 400)
            #expect(bench.parts.users.directory[.sample(9)] == nil)
            #expect(await bench.ask(Operation.registerKey, as: .sample(9)).status == 400)
        }
    }

    @Test("ensuring a known user asks TorBox nothing") func ensure() async throws {
        try await WorkerBench.run { bench in
            let before = bench.simulator.calls().count
            let answer = await bench.ask(Operation.ensureUser, credential: WorkerBench.key)
            #expect(answer.status == 200)
            #expect(answer["wasCreated"] == .bool(false))
            #expect(bench.simulator.calls().count == before)
        }
    }

    private func account(_ key: String) throws -> (String, UserID) {
        (key, try #require(RegistrationHandlers.userID(of: APIKey(key))))
    }
}
