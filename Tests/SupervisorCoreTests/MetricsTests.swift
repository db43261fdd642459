import Observability
import Testing

@testable import SupervisorCore

@Suite struct HostAndPortTests {
    @Test(
        "addresses as people write them",
        arguments: [("127.0.0.1:9464", "127.0.0.1", 9464), ("localhost:0", "localhost", 0), ("[::1]:80", "::1", 80)])
    func good(text: String, host: String, port: Int) {
        #expect(HostAndPort(text)?.host == host)
        #expect(HostAndPort(text)?.port == port)
    }

    @Test("what is none", arguments: ["", "9464", ":9464", "localhost:", "a:70000", "::1:80", "a:-1", "a:b"])
    func bad(text: String) { #expect(HostAndPort(text) == nil) }
}

@Suite struct FleetMetricsTests {
    @Test("while a gateway replaces another there is still one sample of that name") func twoGateways() {
        let gateways = ["starting", "ready", "replacing"].map {
            FleetStatus.Child(name: "gateway", state: $0, restarts: 0, gauges: [:])
        }
        let status = FleetStatus(
            state: "changing", pid: 1, workers: 0, epoch: 1, changesMade: 0, children: gateways, quarantined: [])
        let ready = FleetMetrics.fleet(status).first { $0.name == "torbox_child_up" }
        #expect(ready?.samples.map(\.value) == [1])
    }

    @Test("each child has its state, restarts and lag under its name") func children() throws {
        let status = FleetStatus(
            state: "serving", pid: 1, workers: 2, epoch: 3, changesMade: 0,
            children: [
                FleetStatus.Child(
                    name: "worker-0", state: "ready", restarts: 2, slots: 128, loopLagMilliseconds: 1_500, gauges: [:]),
                FleetStatus.Child(name: "worker-1", state: "quarantined", restarts: 5, slots: 128, gauges: [:]),
            ], quarantined: [])
        let families = FleetMetrics.fleet(status)
        func values(_ name: String) -> [Double]? { families.first { $0.name == name }?.samples.map(\.value) }
        #expect(values("torbox_child_up") == [1, 0])
        #expect(values("torbox_child_quarantined") == [0, 1])
        #expect(values("torbox_child_restarts_total") == [2, 5])
        #expect(values("torbox_child_loop_lag_seconds") == [1.5])
        #expect(values("torbox_slot_map_epoch") == [3])
    }
}
