/// What an account owns when it is added.
package enum SimulatedLibrary: Sendable, Equatable {
    /// Nothing; rows are added one by one.
    case empty
    /// Many rows, each with a timeline drawn from the seed.
    case generated(GeneratedLibrary)
    /// About a dozen rows that change visibly within a minute and are replaced for ever.
    case demo(DemoLibrary)

    /// A library of `size` torrents with a tenth as many usenet rows, a twentieth as many web downloads and a few
    /// queued torrents.
    package static func generated(size: Int) -> SimulatedLibrary {
        .generated(
            GeneratedLibrary(
                torrents: size, usenet: size / 10, webDownloads: size / 20, queued: min(size / 20 + 1, 20)))
    }
}
