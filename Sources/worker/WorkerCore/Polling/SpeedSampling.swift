import DomainModel

/// Which downloads get a speed sample at a poll. Pure.
enum SpeedSampling {
    /// Shortest time between two samples of one download: TorBox refreshes its counters every 600 s.
    static let spacingMilliseconds: Int64 = 600_000
    /// How much longer than the longest window in use samples are kept.
    static let retentionFactor = 1.5

    /// Samples of everything that moves or should, new and unchanged downloads included: a standing counter is
    /// evidence too. Nothing is sampled for users whose rules average nothing.
    static func samples(
        of items: [DownloadItem], tracked: [ItemKey: TrackedItem], at now: Timestamp
    ) -> [(item: ItemKey, sample: SpeedSample)] {
        items.compactMap { item in
            guard let downloaded = item.totalDownloaded, let uploaded = item.totalUploaded, !item.key.isQueued,
                let known = tracked[item.key]
            else { return nil }
            if let last = known.sampledAt, now.milliseconds(since: last) < spacingMilliseconds { return nil }
            // What does not run and was sampled before has nothing new to say.
            guard item.isActive || known.sampledAt == nil else { return nil }
            return (item.key, SpeedSample(at: now, downloaded: downloaded, uploaded: uploaded))
        }
    }

    /// The moment before which samples are of no use.
    static func horizon(averageHours: Double, at now: Timestamp) -> Timestamp {
        now.advanced(byMilliseconds: -Int64(averageHours * retentionFactor * 3_600_000))
    }
}
