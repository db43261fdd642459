import HTTPTypes
import WireProtocol

/// Parked batches of destructive actions: what a rule wanted and may not before its user says so. Ours, not stock's.
enum ParkedRoutes {
    static let all = [
        Route(.get, "/api/automation/parked", Operation.listParked),
        Route(.post, "/api/automation/parked/:id/approve", Operation.approveParked, isRepeatable: true),
        Route(.post, "/api/automation/parked/:id/reject", Operation.rejectParked, isRepeatable: true),
    ]
}
