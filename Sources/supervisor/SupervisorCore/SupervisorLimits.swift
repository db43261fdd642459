/// Times that are not configuration: nobody needs to set them, but tests cannot wait for them.
package struct SupervisorLimits: Sendable, Equatable {
    package var child = ChildLimits()
    /// How long to wait for a port that is in use. The gateway of a killed supervisor closes it within a second or two.
    package var portPatience: Duration = .seconds(5)
    /// Adopting an old data directory copies it first, which may take a while.
    package var migration: Duration = .seconds(30 * 60)

    package init() {}
}
