extension Operation {
    /// What the gateway asks in an administrator's name. The gateway has checked the key; here nobody is asked for one.
    package enum Admin {
        // MARK: About one user, answered by the owner

        package static let getUser = "admin.user.get"
        package static let revealKey = "admin.user.key"
        package static let pollUser = "admin.user.poll"
        package static let getQuota = "admin.user.quota"
        package static let setTier = "admin.user.set-tier"
        package static let deleteUser = "admin.user.delete"
        package static let setStatus = "admin.user.set-status"
        package static let describeDatabase = "admin.user.database"
        package static let describeAutomation = "admin.user.automation"
        package static let backUp = "admin.backup.make"
        package static let listBackups = "admin.backup.list"
        package static let downloadBackup = "admin.backup.download"
        package static let restoreBackup = "admin.backup.restore"
        package static let vacuum = "admin.user.vacuum"

        // MARK: About the registry, answered by any worker

        /// A page of users, and how many there are.
        package static let pageUsers = "admin.registry.page"
        package static let describeRegistry = "admin.registry.figures"
        package static let getConfiguration = "admin.configuration"

        // MARK: A worker's share of an answer that all give together

        /// `{"ids":[…]}` in, what only the owner knows of each out.
        package static let userFacts = "admin.share.user-facts"
        /// The ids of users who are present.
        package static let onlineUsers = "admin.share.online"
        package static let metrics = "admin.share.metrics"
        package static let activity = "admin.share.activity"
        package static let automation = "admin.share.automation"
        package static let diagnose = "admin.share.diagnose"
        package static let quotaSummary = "admin.share.quota"
        package static let reactivateKeys = "admin.share.reactivate"
        package static let syncRuleFlags = "admin.share.sync-rule-flags"
        package static let repairStatus = "admin.share.repair-status"
        package static let enforceQuotas = "admin.share.enforce-quotas"
    }
}
