import Testing

@testable import ServiceSupport

@Suite struct ProcessFiguresTests {
    @Test("the kernel's lines are read in bytes, others passed over") func fields() {
        let text = "Name:\tworker\nVmRSS:\t   12 kB\nThreads:\t4\nRssAnon:   1 kB\nVmData: x kB\n"
        #expect(ProcessFigures.fields(text) == ["VmRSS": 12_288, "RssAnon": 1_024])
    }

    @Test("this process holds memory and has used the processor") func current() {
        let figures = ProcessFigures.current()
        #expect(figures.resident > 1_000_000)
        #expect(figures.anonymous + figures.files <= figures.resident + 1_000_000)
        #expect(figures.userMicroseconds + figures.systemMicroseconds > 0)
    }
}
