/// The operations that the gateway asks of workers, by name. A route of the REST contract is one operation; the
/// worker's router has one handler for each.
package enum Operation {
    // MARK: For one user

    package static let listRules = "rules.list"
    package static let getRule = "rules.get"
    package static let replaceRules = "rules.replace"
    package static let setRuleEnabled = "rules.set-enabled"
    package static let deleteRule = "rules.delete"
    package static let listRuleLogs = "rules.logs"
    package static let clearRuleLogs = "rules.clear-logs"
    package static let listParked = "parked.list"
    package static let approveParked = "parked.approve"
    package static let rejectParked = "parked.reject"
    package static let listArchived = "archive.list"
    package static let getArchived = "archive.get"
    package static let addArchived = "archive.add"
    package static let deleteArchived = "archive.delete"
    package static let addArchivedBulk = "archive.add-bulk"
    package static let deleteArchivedBulk = "archive.delete-bulk"
    package static let listTags = "tags.list"
    package static let getTag = "tags.get"
    package static let createTag = "tags.create"
    package static let renameTag = "tags.rename"
    package static let deleteTag = "tags.delete"
    package static let listDownloadTags = "download-tags.list"
    package static let changeDownloadTags = "download-tags.change"
    package static let stageUploadFile = "uploads.stage-file"
    package static let deleteUploadFile = "uploads.delete-file"
    package static let createUpload = "uploads.create"
    package static let createUploads = "uploads.create-batch"
    package static let listUploads = "uploads.list"
    package static let getUpload = "uploads.get"
    package static let downloadUpload = "uploads.download"
    package static let retryUploads = "uploads.retry-bulk"
    package static let retryUpload = "uploads.retry"
    package static let moveUpload = "uploads.reorder"
    package static let deleteUploads = "uploads.delete-bulk"
    package static let deleteUpload = "uploads.delete"
    package static let listViews = "views.list"
    package static let getView = "views.get"
    package static let createView = "views.create"
    package static let updateView = "views.update"
    package static let reorderViews = "views.reorder"
    package static let deleteView = "views.delete"
    package static let listLinks = "links.list"
    package static let addLink = "links.add"
    package static let addLinks = "links.add-bulk"
    package static let deleteLink = "links.delete"
    package static let deleteLinks = "links.delete-bulk"
    package static let listProtected = "protection.list"
    package static let setProtected = "protection.set"
    package static let assertUnprotected = "protection.assert"
    /// A sign of life of the user.
    package static let touch = "activity.touch"
    /// Answered by a stream of server-sent events.
    package static let listen = "events.listen"
    /// Stores the credential of the request as a user's key, after asking TorBox whether it is good.
    package static let registerKey = "user.register"
    /// The same for a key that may be known already: creates what is missing.
    package static let ensureUser = "user.ensure"

    // MARK: For a whole worker

    /// `{"activeUsers":n}`: users with status active and an active key.
    package static let countUsers = "worker.user-count"
    /// The worker's share of `/api/backend/status`.
    package static let workerStatus = "worker.status"
    /// The worker's share of `/api/health/detailed`.
    package static let health = "worker.health"
    /// Reads the registry and answers `{"success":true}`: a request that went all the way.
    package static let probe = "worker.probe"
}
