extension CallRecord {
    /// One line for people: number, account, call, body, status, and what was out of the ordinary.
    package var line: String {
        var line = "\(sequence) \(account ?? "-") \(method) \(path)"
        if !query.isEmpty { line += "?\(query)" }
        if !body.isEmpty, body.utf8.count <= 200 { line += " \(body)" }
        line += " -> \(status == 0 ? "no answer" : String(status))"
        if appliedEffect { line += " changed" }
        if !faults.isEmpty { line += " faults=\(faults.joined(separator: ","))" }
        if let violation { line += " violation=\(violation)" }
        return line
    }
}
