/// The version of the frames that supervisor, gateway and workers of one installation exchange.
///
/// Processes of one installation are replaced one by one at an upgrade, so a new version must still read the
/// previous one for one release.
package enum ProtocolVersion {
    package static let current = 1
    /// Versions whose frames this build understands.
    package static let accepted = 1...1
}
