/// The figures that the upload queue goes by.
struct UploadPolicy: Sendable, Equatable {
    /// Creates of downloads that TorBox does not have yet, in any hour, for each kind. Source: torbox-api 4.1.
    var uncachedPerHour = 60
    /// Creates of any kind in any minute, at TorBox's edge. Source: torbox-api 4.1.
    var createsPerMinute = 10
    /// How long a kind rests after TorBox could not be reached. `UPLOAD_CONNECTION_SOFT_DEFER_MS`.
    var softDefer: Duration = .seconds(30)
    /// The same once that has happened ``strikesBeforePause`` times in a row. `UPLOAD_CONNECTION_DEFER_MS`.
    var pause: Duration = .seconds(900)
    var strikesBeforePause = 3
    /// How long to rest when TorBox names no time for its limit and our own count does not explain it: the user's other
    /// apps share the limit. `UPLOAD_EXTERNAL_RATE_LIMIT_RETRY_MS`.
    var externalLimitWait: Duration = .seconds(300)
    var createTimeout: Duration = .seconds(30)
    /// Uploads of one kind that are handed over before other users get a turn. `UPLOAD_MAX_WORK_PER_DRAIN`.
    var workPerDrain = 25
    /// Tries that end in TorBox's own trouble before the user is told.
    var triesBeforeFailure = 8

    /// From sending a create to the moment at which a list without it proves that it was not carried out: its own
    /// time-out is over, and TorBox had as long as a rest to finish what it had begun.
    var settleTime: Duration { createTimeout + softDefer }
    /// How long proof is looked for before the user is asked.
    var settlePatience: Duration { max(.seconds(3_600), settleTime * 2) }
}
