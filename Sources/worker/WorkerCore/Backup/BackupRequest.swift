/// What `worker backup` does. Prints its findings on standard output.
package enum BackupRequest: Sendable, Equatable {
    /// Everybody, or one user by the first digits of the id.
    case create(user: String?)
    case list
    /// One backup, or all.
    case verify(name: String?)
    /// One user's file to its place or to a path; everything to a new data directory.
    case restore(name: String, user: String?, destination: String?)
}
