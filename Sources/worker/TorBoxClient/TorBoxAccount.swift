package import DomainModel

/// On whose behalf a call is made: the key to send, and the user id that limits and shares are counted by.
package struct TorBoxAccount: Sendable, Hashable {
    package var user: UserID
    package var key: APIKey

    package init(user: UserID, key: APIKey) {
        self.user = user
        self.key = key
    }
}
