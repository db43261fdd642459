import Foundation

/// One run of wrk against the service.
struct Wrk: Sendable {
    struct Result: Sendable {
        var requestsPerSecond: Double
        var requests: Double
        var p50Milliseconds: Double
        var p99Milliseconds: Double
        /// Answers other than 2xx or 3xx, and failed connections.
        var errors: Int
    }

    /// What is asked of each user in turn; with several bodies one after the other, so that each write changes something.
    struct Question: Sendable {
        var method = "GET"
        var path: String
        var bodies: [String] = []
    }

    var url: String
    var keys: [String]
    var question: Question

    func run(connections: Int, seconds: Int, in directory: String) async throws -> Result {
        let script = directory + "/wrk-\(UUID().uuidString).lua"
        try lua.write(toFile: script, atomically: true, encoding: .utf8)
        let output = try await Self.output(of: [
            "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "30s", "-s", script, url,
        ])
        return try Self.parse(output)
    }

    private var lua: String {
        let list = keys.map { "\"\($0)\"" }.joined(separator: ",")
        let bodies = question.bodies.map { "[==[\($0)]==]" }.joined(separator: ",")
        return """
            local requests = {}
            local function add(key, body)
              local headers = {["x-api-key"] = key}
              if body then headers["content-type"] = "application/json" end
              requests[#requests + 1] = wrk.format("\(question.method)", "\(question.path)", headers, body)
            end
            local keys = {\(list)}
            local bodies = {\(bodies)}
            if #bodies == 0 then
              for _, key in ipairs(keys) do add(key, nil) end
            end
            for _, body in ipairs(bodies) do
              for _, key in ipairs(keys) do add(key, body) end
            end
            local next = 0
            request = function()
              next = next % #requests + 1
              return requests[next]
            end
            done = function(summary, latency, _)
              local e = summary.errors
              print(string.format("RESULT %d %d %f %f %d", summary.requests, summary.duration,
                latency:percentile(50), latency:percentile(99),
                e.status + e.connect + e.read + e.write + e.timeout))
            end
            """
    }

    private static func parse(_ output: String) throws -> Result {
        let line = output.split(separator: "\n").first { $0.hasPrefix("RESULT ") }
        let fields = (line ?? "").split(separator: " ").dropFirst().compactMap { Double($0) }
        guard fields.count == 5 else { throw ChildProgram.Failure(description: "wrk said:\n\(output)") }
        return Result(
            requestsPerSecond: fields[0] / (fields[1] / 1e6), requests: fields[0], p50Milliseconds: fields[2] / 1_000,
            p99Milliseconds: fields[3] / 1_000, errors: Int(fields[4]))
    }

    private static func output(of arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["wrk"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
