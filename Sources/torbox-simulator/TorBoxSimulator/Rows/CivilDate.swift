/// A moment in UTC taken apart, without Foundation: a list answer prints thousands of dates.
struct CivilDate {
    var year: Int
    var month: Int
    var day: Int
    var secondOfDay: Int

    /// - Parameter unixSecond: Seconds since 1970, negative before.
    init(unixSecond: Int) {
        var days = unixSecond / 86_400
        secondOfDay = unixSecond % 86_400
        if secondOfDay < 0 {
            secondOfDay += 86_400
            days -= 1
        }
        // Days counted from 1 March of year 0, so that the leap day ends each year of an era of 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Appends `YYYY-MM-DDTHH:MM:SSZ`.
    func append(to bytes: inout [UInt8]) {
        appendWithoutZone(to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Appends `YYYY-MM-DDTHH:MM:SS`, for the older form that goes on with a fraction and an offset.
    func appendWithoutZone(to bytes: inout [UInt8]) {
        pair(year / 100, to: &bytes)
        pair(year % 100, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        pair(month, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        pair(day, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        pair(secondOfDay / 3_600, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        pair(secondOfDay / 60 % 60, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        pair(secondOfDay % 60, to: &bytes)
    }

    private func pair(_ value: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(48 + value / 10 % 10))
        bytes.append(UInt8(48 + value % 10))
    }
}
