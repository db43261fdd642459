import ServiceSupport
import Testing

@Suite struct SettingsFileTests {
    private func file(_ text: String) -> SettingsFile { SettingsFile(path: "/etc/tb", text: text) }

    @Test("settings are read with their lines; comments, empty lines, quotes and spaces around are understood")
    func reads() {
        let file = file(
            "# a comment\r\n\n; another\n  PORT = 3001 \nSALT=\"a = b \"\nNAME='x'\nEMPTY=\nBASE=https://x/?a=b\n")
        #expect(file.problems.isEmpty)
        #expect(file.entries.map(\.key) == ["PORT", "SALT", "NAME", "EMPTY", "BASE"])
        #expect(file.entries.map(\.value) == ["3001", "a = b ", "x", "", "https://x/?a=b"])
        #expect(file["PORT"]?.line == 4)
        #expect(file["BASE"]?.line == 8)
    }

    @Test(
        "a line that is no setting is a problem that names it",
        arguments: [
            ("PORT 3001", "line 1 without \"=\""), ("\nport=1", "\"port\" in line 2"), ("=1", "\"\" in line 1"),
            ("A=1\nB=2\nA=3", "A twice, in lines 1 and 3"), ("A=\"x", "a quote in line 1 that is not closed"),
            ("export A=1", "\"export A\" in line 1"),
        ])
    func problems(text: String, reason: String) {
        let problems = file(text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.description.contains(reason) == true, "\(problems)")
        #expect(problems.first?.key == "/etc/tb")
    }
}
