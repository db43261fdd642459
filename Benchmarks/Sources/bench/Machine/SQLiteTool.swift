import Foundation

/// Debian's sqlite3 program: for history that would take days to make, and for what the registry says.
enum SQLiteTool {
    /// Runs the same statements on each file, all by one process.
    static func run(_ sql: String, on paths: [String]) throws {
        _ = try output(arguments: ["-bail"], input: paths.map { ".open \"\($0)\"\n\(sql);\n" }.joined())
    }

    static func run(_ sql: String, on path: String) throws { try run(sql, on: [path]) }

    /// The answer as text, without the last line's end.
    static func query(_ sql: String, on path: String) throws -> String {
        try output(arguments: ["-readonly", "-cmd", ".timeout 5000", path], input: sql + ";\n")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func output(arguments: [String], input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3"] + arguments
        let (questions, answers) = (Pipe(), Pipe())
        process.standardInput = questions
        process.standardOutput = answers
        process.standardError = answers
        try process.run()
        // What these statements print fits into a pipe many times over, so writing first cannot get stuck.
        questions.fileHandleForWriting.write(Data(input.utf8))
        try questions.fileHandleForWriting.close()
        let said = String(decoding: answers.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ChildProgram.Failure(description: "sqlite3: \(said)") }
        return said
    }
}
