import DomainModel
import Foundation
import Logging
import Registry
import ServiceSupport
import Testing
import TorBoxSimulator

@testable import WorkerCore

@Suite struct WorkerDoctorTests {
    private func examine(_ configuration: WorkerConfiguration, now: Timestamp = noon) async -> [String: Finding] {
        let doctor = WorkerDoctor(configuration: configuration, now: now, logger: Logger(label: "test"))
        return Dictionary(await doctor.examine().map { ($0.name, $0) }) { first, _ in first }
    }

    @Test("nothing there yet is fine, and nothing is made") func fresh() async throws {
        try await withTemporaryFolder { folder in
            let findings = await examine(try WorkerConfiguration(.variables(["DATA_DIR": "\(folder)/data"])))
            #expect(findings["encryption key"]?.state == .ok)
            #expect(findings["registry"]?.state == .ok)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/data"))
        }
    }

    @Test("a worker with one user is sound, and its TorBox answers") func sound() async throws {
        try await WorkerBench.run { bench in
            let findings = await examine(bench.parts.configuration)
            #expect(findings["registry"]?.detail == "readable, 1 users")
            for name in ["encryption key", "stored API keys", "user files", "schema", "orphaned files", "TorBox"] {
                #expect(findings[name]?.state == .ok, "\(name): \(findings[name]?.detail ?? "missing")")
            }
        }
    }

    @Test("another key is named before anything is lost by it") func wrongKey() async throws {
        try await WorkerBench.run { bench in
            var configuration = bench.parts.configuration
            configuration.encryptionKey = "another key of sufficient length"
            let findings = await examine(configuration)
            #expect(findings["stored API keys"]?.state == .failed)
            #expect(findings["stored API keys"]?.fix != nil)
        }
    }

    @Test("a damaged file is named by its user, a stray one and one without a user by themselves") func files()
        async throws
    {
        try await WorkerBench.run { bench in
            let directory = bench.parts.configuration.userDatabaseDirectory
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let stranger = String(repeating: "e", count: 64)
            try Data("no database, and long enough to be looked at".utf8).write(
                to: URL(filePath: "\(directory)/user_\(stranger).sqlite"))
            try Data().write(to: URL(filePath: "\(directory)/notes.txt"))
            let findings = await examine(bench.parts.configuration)
            #expect(findings["user files"]?.state == .failed)
            #expect(findings["user files"]?.detail.contains("eeeeeeee: ") == true)
            let orphans = findings["orphaned files"]?.detail ?? ""
            #expect(orphans.contains("1 files of users who are not registered: eeeeeeee"))
            #expect(orphans.contains("1 files that are not ours: notes.txt"))
        }
    }

    @Test("users who have been due for more than an hour are counted and named") func overdue() async throws {
        try await WorkerBench.run { bench in
            var user = try #require(try await bench.parts.registry.user(bench.user))
            user.hasActiveRules = true
            user.nextDue = Timestamp(milliseconds: noon.milliseconds - 3_601_000)
            let finding = WorkerDoctor.overdue([user], at: noon)
            #expect(finding.state == .warning)
            #expect(finding.detail.contains(bench.user.short))
            user.nextDue = Timestamp(milliseconds: noon.milliseconds - 3_599_000)
            #expect(WorkerDoctor.overdue([user], at: noon).state == .ok)
        }
    }
}
