import DomainModel
import NIOHTTP1

/// What an answer said about limits.
struct RateObservation: Sendable, Equatable {
    /// Whether this answer itself was a refusal because of a limit.
    var isRefusal = false
    var limit: Int?
    var remaining: Int?
    /// Until the limit starts afresh.
    var reset: Duration?
    /// `retry-after`. TorBox also sends it on successful answers, where it only counts with nothing remaining.
    var retryAfter: Duration?

    /// Longest wait that is believed: an hour, the longest window that TorBox has.
    static let longestWait: Duration = .seconds(3_600)
}

extension RateObservation {
    /// Reads the headers. `x-ratelimit-reset` may be a date in Unix seconds, whole or not, or seconds to go; values
    /// that make no sense count as absent.
    init(isRefusal: Bool, headers: HTTPHeaders, now: Timestamp) {
        self.isRefusal = isRefusal
        limit = Self.number(headers, "x-ratelimit-limit").flatMap { Int(exactly: $0.rounded()) }.flatMap {
            $0 > 0 ? $0 : nil
        }
        remaining = Self.number(headers, "x-ratelimit-remaining").flatMap { Int(exactly: $0.rounded(.down)) }
        retryAfter = Self.number(headers, "retry-after").flatMap(Self.wait)
        reset = Self.number(headers, "x-ratelimit-reset").flatMap { seconds in
            // No wait is longer than a year and no date older than 2001.
            Self.wait(seconds > 1e9 ? seconds - Double(now.milliseconds) / 1_000 : seconds)
        }
    }

    private static func number(_ headers: HTTPHeaders, _ name: String) -> Double? {
        // A list ("300, 300;w=60") names the limit that applies first.
        guard let text = headers.first(name: name)?.split(whereSeparator: { $0 == "," || $0 == ";" }).first,
            let value = Double(text.drop { $0 == " " }.prefix { $0 != " " }), value.isFinite, value >= 0, value < 1e15
        else { return nil }
        return value
    }

    private static func wait(_ seconds: Double) -> Duration? {
        guard seconds >= 0 else { return nil }
        return min(.milliseconds(Int64(min(seconds, 1e9) * 1_000)), longestWait)
    }
}
