import DomainModel
import HTTPTypes

/// All routes of administrators. Source: REST contract, section 2.9.
enum AdminRoutes {
    static let all: [AdminRoute] =
        session + AdminUserRoutes.all + AdminMetricRoutes.all + AdminDatabaseRoutes.all + AdminAutomationRoutes.all
        + AdminSystemRoutes.all

    /// The middleware has looked at the key already: whoever comes here has a good one.
    private static let session = [
        AdminRoute(.post, "/auth") {
            $0.reply(["message": .string("Authenticated"), "timestamp": .string(WallClock.now().iso8601)])
        },
        AdminRoute(.get, "/verify") {
            $0.reply(["authenticated": .bool(true), "timestamp": .string(WallClock.now().iso8601)])
        },
    ]
}
