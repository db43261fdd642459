package import DomainModel

/// Which users an administrator wants to see, in which order, and which part of them.
package struct CatalogueQuery: Sendable, Equatable {
    /// What users are sorted by; those who are equal in it by their ids.
    package enum Sort: String, Sendable, CaseIterable {
        case id = "auth_id"
        case keyName = "key_name"
        case status
        case hasActiveRules = "has_active_rules"
        case uploadTier = "upload_tier"
        case retainedFiles = "upload_retained_file_count"
        case retainedBytes = "upload_retained_storage_bytes"
        case createdAt = "created_at"
        case lastSeen = "last_seen_at"
    }

    /// When users were last present. With both bounds nil and `includesNever` everybody.
    package struct LastSeen: Sendable, Equatable {
        package var from: Timestamp?
        package var before: Timestamp?
        package var includesNever: Bool

        package init(from: Timestamp? = nil, before: Timestamp? = nil, includesNever: Bool = false) {
            self.from = from
            self.before = before
            self.includesNever = includesNever
        }
    }

    /// Only these, when given; others of the conditions hold as well.
    package var ids: [UserID]?
    package var status: String?
    /// A part of the id or of the key's name, letter case apart.
    package var search: String?
    package var lastSeen: LastSeen?
    package var sort: Sort
    package var isAscending: Bool
    package var offset: Int
    package var limit: Int

    package init(
        ids: [UserID]? = nil, status: String? = nil, search: String? = nil, lastSeen: LastSeen? = nil,
        sort: Sort = .createdAt, isAscending: Bool = false, offset: Int = 0, limit: Int = 50
    ) {
        self.ids = ids
        self.status = status
        self.search = search
        self.lastSeen = lastSeen
        self.sort = sort
        self.isAscending = isAscending
        self.offset = offset
        self.limit = limit
    }
}
