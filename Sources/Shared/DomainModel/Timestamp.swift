/// A moment as whole milliseconds since 1970-01-01T00:00:00Z, the unit of every `_ms` column and of rule cases.
package struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Seconds before or after; the milliseconds saturate instead of overflowing.
    package func advanced(bySeconds seconds: Int64) -> Timestamp {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return advanced(byMilliseconds: overflow ? (seconds < 0 ? .min : .max) : product)
    }

    /// Milliseconds before or after, saturating.
    package func advanced(byMilliseconds delta: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
        return Timestamp(milliseconds: overflow ? (delta < 0 ? .min : .max) : sum)
    }

    /// `self - earlier` in milliseconds, saturating.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return overflow ? (milliseconds < earlier.milliseconds ? .min : .max) : difference
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    package var description: String { iso8601 }
}

extension Timestamp {
    /// `2026-08-20T10:00:00.000Z`, as the REST contract's iso-ts.
    package var iso8601: String {
        let parts = civil
        return "\(parts.date)T\(parts.time).\(Self.padded(parts.millisecond, 3))Z"
    }

    /// `2026-08-20 10:00:00`, UTC without a zone: the REST contract's sqlite-ts and stock's columns.
    package var sqliteText: String {
        let parts = civil
        return "\(parts.date) \(parts.time)"
    }

    /// Reads `YYYY-MM-DD HH:MM:SS`, also with `T`, a fraction, and `Z` or a numeric offset; no zone means UTC.
    /// This is the leniency that stored columns need (stock mixed both spellings). Nil for anything else.
    package init?(storedText: String) { self.init(stored: storedText.utf8) }

    /// The same from a part of a text.
    package init?(storedText: Substring) { self.init(stored: storedText.utf8) }

    /// Not for other modules: there each step would look up the type of the bytes anew, ten times the work.
    private init?(stored bytes: some Collection<UInt8>) {
        var reader = DigitReader(bytes)
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var total = Self.days(year: year, month: month, day: day) * 86_400_000
        if reader.isAtEnd {
            milliseconds = total
            return
        }
        guard reader.skip("T") || reader.skip(" "), let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), hour < 25, minute < 60
        else { return nil }
        total += (hour * 60 + minute) * 60_000
        if reader.skip(":") {
            guard let second = reader.number(digits: 2), second < 61 else { return nil }
            total += second * 1_000
            if reader.skip(".") { total += reader.fractionMilliseconds() }
        }
        guard let offset = reader.zoneOffsetMinutes(), reader.isAtEnd else { return nil }
        milliseconds = total - offset * 60_000
    }

    /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (the usual era arithmetic, with
    /// years starting in March so that the leap day comes last).
    package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private var civil: (date: String, time: String, millisecond: Int64) {
        let (dayNumber, inDay) = Self.floorDivide(milliseconds, 86_400_000)
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let seconds = inDay / 1_000
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let hours = Self.padded(seconds / 3_600, 2)
        let time = "\(hours):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))"
        return (date, time, inDay % 1_000)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}

/// Reads fixed-width numbers off a text, a byte at a time.
struct DigitReader<Bytes: Collection<UInt8>> {
    private let bytes: Bytes
    private var position: Bytes.Index

    init(_ bytes: Bytes) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    var startsWithDigit: Bool { position < bytes.endIndex && (48...57).contains(bytes[position]) }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
        bytes.formIndex(after: &position)
        return true
    }

    mutating func digit() -> Int64? {
        guard position < bytes.endIndex, (48...57).contains(bytes[position]) else { return nil }
        defer { bytes.formIndex(after: &position) }
        return Int64(bytes[position]) - 48
    }

    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// Digits past the third are dropped, as every reader of these columns did.
    mutating func fractionMilliseconds() -> Int64 {
        var (value, scale): (Int64, Int64) = (0, 100)
        while let next = digit() {
            value += next * scale
            scale /= 10
        }
        return value
    }

    /// Minutes east of UTC; nothing left counts as UTC. Nil when what follows is no zone.
    mutating func zoneOffsetMinutes() -> Int64? {
        if isAtEnd || skip("Z") || skip("z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2) else { return nil }
        _ = skip(":")
        guard let minutes = isAtEnd ? 0 : number(digits: 2) else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
