import Testing

@testable import SupervisorCore

@Suite struct StopRequestsTests {
    @Test("every listener hears every request once, also what was asked before it came") func broadcast() async {
        let requests = StopRequests()
        var early = requests.stream().makeAsyncIterator()
        requests.request(.drain)
        requests.request(.drain)
        requests.request(.kill)
        var late = requests.stream().makeAsyncIterator()
        #expect(await early.next() == .drain)
        #expect(await early.next() == .kill)
        #expect(await late.next() == .drain)
        #expect(await late.next() == .kill)
    }
}
