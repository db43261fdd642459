import DomainModel
import Logging
import Testing

@testable import Observability

@Suite struct LogFormatTests {
    private let line = LogLine(
        level: .error, label: "gateway", message: "m", fields: [.init(key: "a", value: "1\u{1B}[0m")])
    private let moment = Timestamp(milliseconds: 0)

    @Test("at a terminal the level is coloured and the date left out; texts cannot bring escapes of their own")
    func coloured() {
        #expect(
            LogFormat.auto.line(line, at: moment, coloured: true)
                == "\u{1B}[2m00:00:00.000\u{1B}[0m \u{1B}[1;31merror\u{1B}[0m    gateway: m a=\"1\\u001b[0m\"")
    }

    @Test("elsewhere it is plain") func plain() {
        #expect(
            LogFormat.auto.line(line, at: moment) == "1970-01-01T00:00:00.000Z error gateway: m a=\"1\\u001b[0m\"")
    }
}
