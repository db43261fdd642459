import Foundation

/// What the simulated TorBox can be asked and told.
enum Simulator {
    /// Changes that it has carried out.
    static func effects(_ url: String) async throws -> Int {
        let answer = try await HTTP.send("GET", url + "/_sim/stats")
        let document = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        return (document?["statistics"] as? [String: Any])?["appliedEffects"] as? Int ?? 0
    }

    /// Every answer takes that much longer from now on.
    static func delay(_ url: String, milliseconds: Int) async throws {
        let fault = #"{"kind":"delay","milliseconds":\#(milliseconds),"always":true}"#
        let answer = try await HTTP.send("POST", url + "/_sim/faults", body: fault)
        guard answer.status == 200 else {
            throw ChildProgram.Failure(description: "the simulator refused a delay: \(answer.status)")
        }
    }
}
