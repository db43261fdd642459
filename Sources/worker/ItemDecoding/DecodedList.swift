package import DomainModel

/// A TorBox list or queue answer, read. Whether it may be believed (success, a list, every page) is for the caller.
package struct DecodedList: Sendable, Equatable {
    /// What `data` was.
    package enum DataKind: Sendable, Equatable {
        case missing, null, list
        /// One row, the answer to a list call with `id`.
        case object
        /// A text, number or flag.
        case other
    }

    /// `success` when it is a flag. Absent is never success.
    package var success: Bool?
    /// `error` when it is a text other than `null`: TorBox's error code.
    package var errorCode: String?
    /// `detail` when it is a text. For people; nothing may be decided by it.
    package var detail: String?
    package var dataKind: DataKind
    /// Readable rows in the order of the answer.
    package var items: [DownloadItem] = []
    /// Rows that are no objects or have no positive whole number as `id`, and are not in ``items``.
    package var rowsWithoutID = 0
    /// `total` of the envelope, which no known answer has, when it is a whole number.
    package var total: Int?
    /// Over all rows, also those without an id.
    package var census = FieldCensus()

    package init(dataKind: DataKind) { self.dataKind = dataKind }
}
