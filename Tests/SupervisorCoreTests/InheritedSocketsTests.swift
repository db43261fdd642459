import ServiceSupport
import Testing

@testable import SupervisorCore

@Suite struct InheritedSocketsTests {
    @Test("no socket is none, and a single one needs no name") func single() throws {
        #expect(try InheritedSockets(named: []) == InheritedSockets())
        #expect(try InheritedSockets(named: [("unknown", 3)]) == InheritedSockets(http: 3))
    }

    @Test("two sockets of one name are a problem that says how to listen on both") func double() {
        let problem = #expect(throws: ConfigurationProblem.self) {
            try InheritedSockets(named: [("http", 3), ("http", 4)])
        }
        #expect(problem?.description.contains("LISTEN_FDNAMES has several sockets \"http\"") == true)
    }

    @Test("a socket that nobody knows is a problem that names it") func unknown() {
        let problem = #expect(throws: ConfigurationProblem.self) {
            try InheritedSockets(named: [("http", 3), ("ftp", 4)])
        }
        #expect(problem?.description.contains("\"ftp\"") == true)
    }
}
