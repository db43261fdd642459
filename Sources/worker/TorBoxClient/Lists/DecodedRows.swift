import DomainModel
import NIOCore

/// A list or queue answer after decoding: the envelope's facts and the rows.
struct DecodedRows: Sendable {
    /// What stands under `data`.
    enum Shape: Sendable, Equatable { case array, object, null, missing, other }

    var success: Bool?
    var errorCode: String?
    var detail: String?
    var shape: Shape
    /// In the order sent, duplicates kept.
    var items: [DownloadItem]
    var rowsWithoutID: Int
    /// Rows that had a usable value, for each known field.
    var fields: [String: Int] = [:]
}

/// How the bytes of an answer become rows.
typealias RowDecoding = @Sendable (_ body: ByteBuffer, _ asset: AssetType, _ isQueued: Bool) throws -> DecodedRows
