package import DomainModel

/// A saved view of the frontend's lists: filters, sorting, columns, search.
package struct ViewRow: Sendable, Equatable {
    package var id: Int64
    package var content: ViewContent
    /// Its place in the list; nil in files that were written before views had one.
    package var sortOrder: Int64?
    /// Whole seconds.
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
}
