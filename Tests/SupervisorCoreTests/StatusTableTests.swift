import Testing

@testable import SupervisorCore

@Suite struct StatusTableTests {
    private func status(quarantined: [FleetStatus.Quarantined] = []) -> FleetStatus {
        FleetStatus(
            state: "serving", pid: 7, workers: 1, epoch: 3, changesMade: 0, lastFailure: nil,
            children: [
                FleetStatus.Child(
                    name: "worker-0", pid: 8, state: "ready", uptimeSeconds: 90, restarts: 2, slots: 256,
                    loopLagMilliseconds: 1, gauges: ["requests": 4, "batches.of.tomorrow": 12, "slots": 256]),
                FleetStatus.Child(
                    name: "gateway", pid: nil, state: "restarting", uptimeSeconds: nil, restarts: 0, slots: nil,
                    loopLagMilliseconds: nil, gauges: [:]),
            ], quarantined: quarantined)
    }

    @Test("every gauge has a column, also one that nobody has heard of, and what is not known is a dash")
    func gauges() {
        let lines = StatusTable.text(status()).split(separator: "\n").map(String.init)
        #expect(lines[0] == "serving, pid 7, 1 workers, slot map epoch 3")
        #expect(lines[1] == "NAME      PID  STATE       UPTIME  RESTARTS  SLOTS  LAG  BATCHES.OF.TOMORROW  REQUESTS")
        #expect(lines[2] == "worker-0  8    ready       90s     2         256    1ms  12                   4")
        #expect(lines[3] == "gateway   -    restarting  -       0         -      -    -                    -")
        #expect(lines.count == 4)
    }

    @Test("quarantined users are listed with worker, reason and time, and a failed change is told")
    func quarantined() {
        var status = status(quarantined: [
            FleetStatus.Quarantined(
                worker: "worker-0", user: "0a0b0c0d", reason: "damaged_file", until: "2026-08-20T12:00:00.000Z")
        ])
        status.lastFailure = "reload failed"
        let text = StatusTable.text(status)
        #expect(text.contains("0a0b0c0d     worker-0  damaged_file  2026-08-20T12:00:00.000Z"))
        #expect(text.contains("the latest change failed: reload failed"))
    }
}
