import Foundation
import NIOPosix
import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct FindingListTests {
    private let findings = [
        Finding("disk", .ok, "plenty"), Finding("clock", .warning, "late", fix: "set it"),
        Finding("TorBox", .failed, "silent", fix: "wait"),
    ]

    @Test("the list is numbered, and each problem has what to do below it") func text() {
        #expect(
            FindingList.text(findings) == """
                 1 ok       disk: plenty
                 2 warning  clock: late
                            -> set it
                 3 failed   TorBox: silent
                            -> wait
                1 failed, 1 to look at
                """)
    }

    @Test("JSON has the same numbers and words") func json() throws {
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(FindingList.json(findings).utf8)) as? [[String: Any]])
        #expect(list.map { $0["number"] as? Int } == [1, 2, 3])
        #expect(list[1]["state"] as? String == "warning")
        #expect(list[1]["fix"] as? String == "set it")
        #expect(list[0]["fix"] == nil)
    }

    @Test("only what failed makes the exit code") func exitCode() {
        #expect(FindingList.exitCode(Array(findings.prefix(2))) == 0)
        #expect(FindingList.exitCode(findings) == 1)
    }
}

@Suite struct MachineFindingsTests {
    @Test(
        "a disk is judged by what is left on it",
        arguments: [(UInt64(5) << 30, .ok), (500 << 20, .warning), (50 << 20, .failed)] as [(UInt64, Finding.State)])
    func disk(bytes: UInt64, state: Finding.State) {
        #expect(MachineFindings.disk(at: "/d", bytes: bytes, files: 1 << 20, hasFileLimit: true).state == state)
    }

    @Test("a disk without room for files is full, unless it has no such limit") func inodes() {
        #expect(MachineFindings.disk(at: "/d", bytes: 5 << 30, files: 10, hasFileLimit: true).state == .failed)
        #expect(MachineFindings.disk(at: "/d", bytes: 5 << 30, files: 0, hasFileLimit: false).state == .ok)
    }

    @Test("too few descriptors are a warning with the line for the unit") func descriptors() {
        #expect(MachineFindings.descriptors(hard: 1_024).fix?.contains("LimitNOFILE=") == true)
        #expect(MachineFindings.descriptors(hard: 65_536).state == .ok)
    }

    @Test("a clock of the past is a failure, one that nobody corrects a warning") func clock() {
        #expect(MachineFindings.clock(year: 1970, isSynchronised: true).state == .failed)
        #expect(MachineFindings.clock(year: 2026, isSynchronised: false).state == .warning)
        #expect(MachineFindings.clock(year: 2026, isSynchronised: nil).state == .ok)
    }
}

@Suite struct DirectoryFindingTests {
    @Test("a directory is fine when it is private, or not there yet; others get the fix") func states() throws {
        let directory = try TemporaryDirectory()
        func find(_ path: String) -> Finding { DirectoryFinding.find("data directory", at: path, setting: "DATA_DIR") }
        func change(_ mode: Int) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.path)
        }
        try change(0o700)
        #expect(find(directory.path).state == .ok)
        #expect(find("\(directory.path)/later").state == .ok)
        try change(0o755)
        #expect(find(directory.path).fix == "chmod 700 \(directory.path)")
        try directory.write(Data(), to: "file")
        #expect(find("\(directory.path)/file").state == .failed)
        try change(0o700)
    }
}

@Suite struct ServiceFindingsTests {
    private func status(_ state: String, overdue: Int64 = 0) -> FleetStatus {
        let worker = FleetStatus.Child(
            name: "worker-0", state: state, restarts: 0, slots: 256, gauges: ["polls.overdue": overdue])
        return FleetStatus(
            state: "serving", pid: 1, workers: 1, epoch: 1, changesMade: 0, children: [worker], quarantined: [])
    }

    @Test(
        "a process that restarts is a warning, a quarantined one a failure",
        arguments: [("ready", .ok), ("restarting", .warning), ("quarantined", .failed)] as [(String, Finding.State)])
    func processes(state: String, expected: Finding.State) {
        #expect(ServiceFindings.findings(status(state)).first?.state == expected)
    }

    @Test("overdue users are a warning") func overdue() {
        #expect(ServiceFindings.findings(status("ready")).last?.state == .ok)
        let finding = ServiceFindings.findings(status("ready", overdue: 3)).last
        #expect(finding?.state == .warning)
        #expect(finding?.detail.contains("3 users") == true)
    }
}

extension SpawningTests {
    @Suite struct DoctorRunTests {
        @Test("bad settings are all named, and the worker is not asked to open anything with them") func settings()
            async throws
        {
            let children = try FakeChildren()
            try children.worker(check: "echo 'WORKERS is wrong'; exit 78")
            let findings = await doctor(children).examine()
            #expect(findings.first?.state == .failed)
            #expect(findings.first?.detail.contains("WORKERS is wrong") == true)
            #expect(findings.last?.state == .skipped)
        }

        @Test("a service that does not run is a warning with how to start it") func stopped() async throws {
            let findings = await doctor(try FakeChildren()).examine()
            #expect(findings.first { $0.name == "service" }?.fix?.contains("systemctl start") == true)
        }

        private func doctor(_ children: FakeChildren) -> Doctor {
            let settings = SupervisorSettings(
                configuration: children.configuration(workers: 1), programs: children.programs)
            return Doctor(settings, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        }
    }
}
