import Glibc
import Synchronization

/// The `Date` header's text, made once a second.
final class HTTPDate: Sendable {
    static let shared = HTTPDate()

    private let cached = Mutex<(second: time_t, text: String)>((0, ""))

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    var text: String {
        var second = time(nil)
        return cached.withLock { cached in
            if cached.second == second { return cached.text }
            cached = (second, Self.format(&second))
            return cached.text
        }
    }

    static func format(_ second: inout time_t) -> String {
        var parts = tm()
        gmtime_r(&second, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
        return
            "\(days[Int(parts.tm_wday)]), \(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
}
