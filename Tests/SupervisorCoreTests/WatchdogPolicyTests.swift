import Testing

@testable import SupervisorCore

@Suite struct WatchdogPolicyTests {
    private func facts(_ change: (inout WatchdogPolicy.Facts) -> Void) -> WatchdogPolicy.Facts {
        var facts = WatchdogPolicy.Facts(
            gatewayReadyFor: .seconds(600), workerReadyFor: .seconds(600), probeAge: .seconds(5))
        change(&facts)
        return facts
    }

    @Test("a house that works is fed, and so is one that is starting or has nobody ready") func fed() {
        #expect(WatchdogPolicy.verdict(facts { _ in }) == .feed)
        #expect(WatchdogPolicy.verdict(WatchdogPolicy.Facts()) == .feed)
        #expect(
            WatchdogPolicy.verdict(
                facts {
                    $0.workerReadyFor = nil; $0.probeAge = .seconds(900)
                }) == .feed)
        #expect(
            WatchdogPolicy.verdict(
                facts {
                    $0.gatewayReadyFor = .seconds(3); $0.probeAge = nil
                }) == .feed)
    }

    @Test("a supervisor that does not act on what is due starves") func late() {
        let late = facts { $0.fleetLateness = WatchdogPolicy.lateness + .seconds(1) }
        #expect(WatchdogPolicy.verdict(late) == .starve(reason: "the supervisor has not acted for 16 s"))
    }

    @Test("a gateway whose requests do not come back from any worker starves the watchdog", arguments: [61, nil])
    func silent(seconds: Int?) {
        let silent = facts { $0.probeAge = seconds.map { .seconds($0) } }
        guard case .starve = WatchdogPolicy.verdict(silent) else {
            Issue.record("it is fed")
            return
        }
    }
}

@Suite struct SystemdNotifierTests {
    @Test("messages go out in systemd's notation, those of one call together") func notation() {
        let sent = Sent()
        SystemdNotifier { sent.add($0) }.send(
            .ready, .status("two\nlines"), .watchdog, .stopping, .extendTimeout(.seconds(2)))
        #expect(sent.all == ["READY=1\nSTATUS=two lines\nWATCHDOG=1\nSTOPPING=1\nEXTEND_TIMEOUT_USEC=2000000"])
    }

    @Test("the status line counts processes, users, overdue polls and restarts") func statusLine() {
        func child(_ name: String, _ state: String, slots: Int?, users: Int64) -> FleetStatus.Child {
            FleetStatus.Child(
                name: name, state: state, restarts: 1, slots: slots,
                gauges: ["users": users, "polls.overdue": 2, "users.quarantined": 1])
        }
        let status = FleetStatus(
            state: "serving", pid: 1, workers: 2, epoch: 1, changesMade: 0,
            children: [
                child("worker-0", "ready", slots: 128, users: 3),
                child("worker-1", "quarantined", slots: 128, users: 4),
                child("gateway", "ready", slots: nil, users: 0),
            ], quarantined: [])
        #expect(
            StatusLine.text(status)
                == "serving: 1 of 2 workers ready, gateway ready; 7 users, 4 polls overdue, 3 restarts, 1 quarantined, "
                + "2 users quarantined")
    }
}
