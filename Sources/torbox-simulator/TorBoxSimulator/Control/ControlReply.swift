/// The answers of the control interface; absent parts are left out.
struct ControlReply: Encodable {
    struct Account: Encodable {
        var id: String
        var authID: String
        var rows: [String: Int]
        var queued: Int
    }

    struct Fault: Encodable {
        var id: Int
        var kind: String
        var account: String?
        var struck: Int
        var remaining: Int?
    }

    struct Clock: Encodable {
        var simulatedMilliseconds: Int
        var realMilliseconds: Int
        var speed: Double
    }

    var error: String?
    var accounts: [Account]?
    var ids: [Int]?
    var faults: [Fault]?
    var calls: [CallRecord]?
    var statistics: SimulatorStatistics?
    var clock: Clock?
}
