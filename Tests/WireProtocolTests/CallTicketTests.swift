import Testing

@testable import WireProtocol

@Suite struct CallTicketTests {
    @Test("a cancellation that overtakes its call keeps it from beginning")
    func early() {
        let ticket = CallTicket()
        #expect(ticket.cancel() == nil)
        #expect(!ticket.begin(as: 7))
    }

    @Test("a call that has begun is given up by its number, once or twice")
    func begun() {
        let ticket = CallTicket()
        #expect(ticket.begin(as: 7))
        #expect(!ticket.begin(as: 8))
        #expect(ticket.cancel() == 7)
        #expect(ticket.cancel() == 7)
    }
}
