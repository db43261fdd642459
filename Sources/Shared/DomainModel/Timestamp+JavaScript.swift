extension Timestamp {
    /// The largest distance from 1970 that a JavaScript date can have: 100,000,000 days.
    private static let javaScriptRange: ClosedRange<Int64> = -8_640_000_000_000_000...8_640_000_000_000_000

    /// Milliseconds since 1970 as JavaScript takes them: fractions dropped, nil beyond its range of dates.
    package init?(javaScriptMilliseconds number: Double) {
        guard let whole = Int64(exactly: number.rounded(.towardZero)), Self.javaScriptRange.contains(whole) else {
            return nil
        }
        milliseconds = whole
    }

    /// Reads a text as JavaScript's date parser does, in a process whose zone is UTC; nil when it is no date.
    ///
    /// ISO dates (`2026`, `2026-08`, `2026-08-20`) mean midnight UTC. Times follow after `T` or a space, with or
    /// without seconds and fraction (digits past milliseconds are dropped), and with `Z`, an offset, or nothing,
    /// which means UTC. Also `Thu, 20 Aug 2026 02:00:00 GMT`. No white space around it.
    package init?(javaScriptText bytes: UnsafeBufferPointer<UInt8>) {
        guard let total = Self.isoMilliseconds(bytes) ?? Self.mailMilliseconds(bytes),
            Self.javaScriptRange.contains(total)
        else { return nil }
        milliseconds = total
    }

    package init?(javaScriptText text: String) {
        var text = text
        let parsed = text.withUTF8 { Timestamp(javaScriptText: $0) }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func isoMilliseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var reader = DigitReader(bytes)
        guard let year = reader.number(digits: 4) else { return nil }
        var (month, day): (Int64, Int64) = (1, 1)
        if reader.skip("-") {
            guard let number = reader.number(digits: 2) else { return nil }
            month = number
            if reader.skip("-") {
                guard let number = reader.number(digits: 2) else { return nil }
                day = number
            }
        }
        guard let days = checkedDays(year, month, day) else { return nil }
        if reader.isAtEnd { return days * 86_400_000 }
        guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let time = reader.timeOfDay(),
            let offset = reader.zoneOffsetMinutes(), reader.isAtEnd
        else { return nil }
        return days * 86_400_000 + time - offset * 60_000
    }

    /// `Thu, 20 Aug 2026 02:00:00 GMT`, the weekday optional.
    private static func mailMilliseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        let parts = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let fields =
            parts.count == 6 && parts[0].count == 4 && parts[0].last == UInt8(ascii: ",") ? parts[1...] : parts[...]
        guard fields.count == 5, let first = fields.first, let month = monthNumber(fields[fields.startIndex + 1]) else {
            return nil
        }
        var (dayReader, yearReader) = (DigitReader(first), DigitReader(fields[fields.startIndex + 2]))
        var timeReader = DigitReader(fields[fields.startIndex + 3])
        guard let day = dayReader.number(digits: first.count), first.count <= 2,
            let year = yearReader.number(digits: 4), yearReader.isAtEnd, let time = timeReader.timeOfDay(),
            timeReader.isAtEnd, fields.last.map({ Array($0) == Array("GMT".utf8) }) == true,
            let days = checkedDays(year, month, day)
        else { return nil }
        return days * 86_400_000 + time
    }

    private static func monthNumber(_ name: some Collection<UInt8>) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return months.firstIndex { $0.utf8.elementsEqual(name) }.map { Int64($0) + 1 }
    }

    private static func checkedDays(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let first = days(year: year, month: month, day: 1)
        let next = month == 12 ? days(year: year + 1, month: 1, day: 1) : days(year: year, month: month + 1, day: 1)
        return day <= next - first ? first + day - 1 : nil
    }
}

extension DigitReader {
    /// `02:00`, `02:00:05` or `02:00:05.123456` as milliseconds since midnight; `24:00` is the only hour 24.
    fileprivate mutating func timeOfDay() -> Int64? {
        guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), hour <= 24, minute < 60 else {
            return nil
        }
        var total = (hour * 60 + minute) * 60_000
        if skip(":") {
            guard let second = number(digits: 2), second < 60 else { return nil }
            total += second * 1_000
            if skip(".") {
                guard startsWithDigit else { return nil }
                total += fractionMilliseconds()
            }
        }
        return total <= 86_400_000 ? total : nil
    }
}
