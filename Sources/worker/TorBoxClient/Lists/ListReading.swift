import DomainModel
import ItemDecoding

/// Reads decoded answers strictly: anything but a plain and whole statement is an error. Pure.
enum ListReading {
    /// A page out of an answer with HTTP 200.
    static func page(_ rows: DecodedList, status: Int) throws(TorBoxError) -> ListPage {
        try checkSuccess(rows, status: status)
        switch rows.dataKind {
        case .list: break
        case .null, .missing:
            throw .incomplete(.noData, "a list was due, but data is null or missing", status: status)
        case .object, .other:
            throw .incomplete(.notAList, "a list was due, but data is something else", status: status)
        }
        guard rows.rowsWithoutID == 0 else {
            throw .incomplete(.rowsWithoutID, "\(rows.rowsWithoutID) rows have no usable id", status: status)
        }
        return ListPage(standing: .listed, items: rows.items, total: rows.total, fields: rows.census)
    }

    /// The one item out of an answer to a question by id. Its id must be the one asked for.
    static func item(_ rows: DecodedList, id: Int64, status: Int) throws(TorBoxError) -> DownloadItem {
        try checkSuccess(rows, status: status)
        guard rows.dataKind == .object || rows.dataKind == .list else {
            throw .incomplete(.noData, "an item was due, but data is null or missing", status: status)
        }
        guard let item = rows.items.first(where: { $0.key.id == id }) else {
            throw .incomplete(.notAList, "the answer does not hold the item that was asked for", status: status)
        }
        return item
    }

    private static func checkSuccess(_ rows: DecodedList, status: Int) throws(TorBoxError) {
        switch rows.success {
        case true?: return
        case nil: throw .incomplete(.notSuccessful, "the answer does not say success", status: status)
        case false?:
            guard rows.errorCode != nil else {
                throw .incomplete(.notSuccessful, "the answer says success false", status: status)
            }
            throw AnswerReading.refusal(errorCode: rows.errorCode, detail: rows.detail, status: status)
        }
    }
}
