import CPQ

/// Where the registry's PostgreSQL is, and how patient we are with it.
package struct PostgresSettings: Sendable {
    /// `postgres://user:password@host/database?sslmode=require`, in libpq's own words. May hold a password: never shown.
    package var url: String
    /// Connections of this process; each has a thread of its own.
    package var connections: Int
    /// The longest that one call takes, waiting for its turn and for a connection included.
    package var callLimit: Duration

    package init(url: String, connections: Int = 2, callLimit: Duration = .seconds(3)) {
        self.url = url
        self.connections = connections
        self.callLimit = callLimit
    }

    /// Given up on the server a little before we give up on the call, so that the connection stays good.
    var statementTimeoutMilliseconds: Int64 { Int64(callLimit / .milliseconds(1)) * 4 / 5 }
    /// Waiting for somebody else's row is given up first.
    var lockTimeoutMilliseconds: Int64 { Int64(callLimit / .milliseconds(1)) * 3 / 5 }
    /// A server that does not accept within this time counts as away.
    var connectLimit: Duration { min(callLimit, .seconds(2)) }

    /// Why a text is no address of a database, without repeating the text; nil when it is one.
    package static func problem(with url: String) -> String? {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            return "must begin with postgres://"
        }
        if let obstacle = clientLibraryProblem { return "needs PostgreSQL's library: \(obstacle); install libpq5" }
        guard let options = PQconninfoParse(url, nil) else {
            return "is not an address that PostgreSQL's library understands; see its documentation of connection URIs"
        }
        PQconninfoFree(options)
        return nil
    }

    /// Why libpq cannot be used; nil when it can. It is loaded by asking.
    static var clientLibraryProblem: String? { cpq_load().map { String(cString: $0) } }
}
