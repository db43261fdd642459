import Logging
import Testing

@testable import Observability

@Suite struct JournalEntryTests {
    @Test("an entry has the readable line, the priority, the process, and every field by itself") func fields() {
        let line = LogLine(
            level: .warning, label: "worker 0", message: "cannot poll",
            fields: [.init(key: "request.id", value: "r-1"), .init(key: "rule.id", value: "7")])
        #expect(
            JournalEntry(line).fields == [
                "MESSAGE=cannot poll request.id=r-1 rule.id=7", "PRIORITY=4", "SYSLOG_IDENTIFIER=worker-0",
                "TORBOX_PROCESS=worker 0", "TORBOX_REQUEST_ID=r-1", "TORBOX_RULE_ID=7",
            ])
    }

    @Test("a line of a user carries the user's slot, unless it says one itself") func slot() {
        func entry(_ fields: LogLine.Field...) -> [String] {
            JournalEntry(LogLine(level: .info, label: "w", message: "m", fields: fields)).fields
        }
        #expect(entry(.init(key: "user.id", value: "d16fab01")).contains("TORBOX_SLOT=d1"))
        let own = entry(.init(key: "slot", value: "07"), .init(key: "user.id", value: "d16fab01"))
        #expect(own.filter { $0.hasPrefix("TORBOX_SLOT=") } == ["TORBOX_SLOT=07"])
    }

    @Test(
        "names are what the journal takes",
        arguments: [
            ("user.id", "TORBOX_USER_ID"), ("é-x", "TORBOX___X"), (String(repeating: "a", count: 90), nil),
        ])
    func names(key: String, expected: String?) {
        let name = JournalEntry.name(key)
        #expect(name.utf8.count <= 64)
        if let expected { #expect(name == expected) }
    }

    @Test("every level has syslog's number", arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func priorities(level: Logger.Level, number: Int) { #expect(JournalEntry.priority(level) == number) }
}
