import DomainModel
import Foundation
import ServiceHarness
import StockFixture
import Testing
import TorBoxSimulator

/// Adopted users, served by the real service.
@Suite(.serialized) struct ServingTests {
    @Test(
        "adopted users come with their API keys and find their rules; whose key was lost registers and finds them, too",
        arguments: [StockSchema.january, .newest])
    func served(schema: StockSchema) async throws {
        let adoption = try Adoption(schema, users: StockOddity.allCases.count)
        let operators = try ServiceProcess(
            binaries: Binaries.directory, environment: adoption.environment,
            arguments: ["adopt", "--from", adoption.fixture.directory])
        #expect(try await operators.exitCode() == 65)
        let isReported = try await eventually { operators.lines.contains { $0.contains("for you to look at") } }
        #expect(isReported, "\(operators.lines)")

        let simulator = try await TorBoxSimulator.start(SimulatorConfiguration())
        for user in adoption.fixture.users { simulator.addAccount(user.apiKey) }
        let service = try ServiceProcess(
            binaries: Binaries.directory,
            environment: adoption.environment.merging([
                "TORBOX_API_BASE": simulator.baseURL, "WORKERS": "2", "START_SPREAD_MS": "0",
                // The newest fixture's users were last seen months ago, which counts here, too.
                "AUTOMATION_INACTIVE_USER_DAYS": "0",
                "USER_RATE_LIMIT_MAX": "100000", "IP_RATE_LIMIT_MAX": "100000",
            ]) { $1 })
        defer { service.killAll() }
        let rest = RESTClient(baseURL: try await service.baseURL())
        for user in adoption.fixture.users { try await check(user, rest) }
        let polled = try #require(adoption.fixture.users.first { $0.oddity == .plain })
        let isPolled = try await eventually(within: .seconds(60)) { !simulator.calls(account: polled.apiKey).isEmpty }
        #expect(isPolled, "with the adopted API key")
        // The service runs on that data now: a second adoption may not.
        let again = try await adoption.run()
        #expect(again.exitCode == 75 && again.errors.contains("stop it first"), "\(again.errors)")
        #expect(try await service.stop() == 0)
        await simulator.stop()
    }

    private func check(_ user: FixtureUser, _ rest: RESTClient) async throws {
        let name = Comment(rawValue: "\(user.oddity) \(user.number)")
        switch user.fate {
        case .adopted:
            let answer = try await rest.rules(key: user.apiKey)
            guard user.isActive else {
                #expect(answer.status == 403, name)
                return
            }
            #expect(answer.status == 200, name)
            expectRules(user, answer.json)
        case .fileOnly:
            #expect(try await rest.rules(key: user.apiKey).status == 404, name)
            #expect(try await rest.register(user.apiKey).status == 200, name)
            expectRules(user, try await rest.rules(key: user.apiKey).json)
        case .refused where user.stockID == user.id && user.oddity != .keyedIDTaken:
            #expect(try await rest.rules(key: user.apiKey).status == 404, name)
        case .refused, .nothing: break
        }
    }

    private func expectRules(_ user: FixtureUser, _ answer: JSONValue) {
        let name = Comment(rawValue: "\(user.oddity) \(user.number)")
        let rules = answer["rules"]?.arrayValue ?? []
        let hasNone = user.file == nil || user.oddity == .empty
        #expect(hasNone ? rules.isEmpty : rules.count >= 2, name)
        for rule in rules {
            let reason = user.expectation.switchedOff[rule["id"]?.integerValue ?? 0]
            #expect(rule["groups"]?.arrayValue != nil, name)
            guard let reason else { continue }
            #expect(rule["enabled"]?.boolValue == false, name)
            #expect(rule["disabled_reason"]?.stringValue?.contains(reason) == true, name)
        }
    }
}
