import DomainModel
import UserStore
import WireProtocol

/// Adding uploads.
extension UploadHandlers {
    /// Uploads of one batch. Source: REST contract, section 3.1.
    static let largestBatch = 1_000

    @concurrent func create(_ context: RequestContext) async throws -> Response {
        let upload = try await checked(.object(context.jsonObject()), of: context.user)
        let rows = try await add([upload], context)
        guard let row = rows.first else { throw Refusal(500, "Upload could not be stored") }
        return Self.reply(with: row)
    }

    @concurrent func createBatch(_ context: RequestContext) async throws -> Response {
        guard let items = try context.jsonObject()["uploads"]?.arrayValue, !items.isEmpty else {
            throw Refusal(400, "uploads must be a non-empty array")
        }
        guard items.count <= Self.largestBatch else {
            throw Refusal(400, "A batch may have at most \(Self.largestBatch) uploads")
        }
        var uploads: [NewUpload] = []
        var errors: [(item: JSONValue, error: String)] = []
        for item in items {
            do {
                uploads.append(try await checked(item, of: context.user))
            } catch let refusal as Refusal {
                errors.append((item, refusal.detail.map { "\(refusal.error): \($0)" } ?? refusal.error))
            }
        }
        let rows = uploads.isEmpty ? [] : try await add(uploads, context)
        return Reply.success(capacity: 256 + 768 * items.count) { json in
            json.member("data", object: { Self.write(rows, errors, to: &$0) })
            json.member(
                "meta",
                object: {
                    $0.member("total", items.count)
                    $0.member("successful", rows.count)
                    $0.member("failed", errors.count)
                })
        }
    }

    private static func write(
        _ rows: [UploadRow], _ errors: [(item: JSONValue, error: String)], to json: inout JSONWriter
    ) {
        json.member("uploads", array: { list in rows.forEach { UploadJSON.write($0, to: &list) } })
        guard !errors.isEmpty else { return }
        json.member(
            "errors",
            array: { list in
                for error in errors {
                    list.object {
                        $0.member("upload", raw: error.item.compactText)
                        $0.member("error", error.error)
                    }
                }
            })
    }

    private func checked(_ item: JSONValue, of user: UserID) async throws -> NewUpload {
        guard let members = item.objectValue else { throw Refusal(400, "An upload must be a JSON object") }
        var upload = try UploadForm.upload(members, of: user, root: queue.files.root)
        guard let text = upload.filePath, let path = queue.files.path(text, of: user) else { return upload }
        guard let size = try await queue.files.size(of: path) else {
            throw Refusal(400, "File not found", detail: "Stage the file again, then add the upload.")
        }
        upload.fileSize = size
        return upload
    }

    private func add(_ uploads: [NewUpload], _ context: RequestContext) async throws -> [UploadRow] {
        let now = users.now()
        try await queue.accounting.expect(context.user)
        let rows = try await users.write(context.user) { db -> [UploadRow]? in
            guard try UploadRepository.queuedCount(db) + uploads.count <= UploadQueue.longest else { return nil }
            return try UploadRepository.insert(db, uploads, at: now)
        }
        try await queue.changed(context.user)
        guard let rows else {
            throw Refusal(
                400, "Upload queue is full", detail: "\(UploadQueue.longest) uploads may wait at a time.",
                code: "UPLOAD_QUEUE_FULL")
        }
        return rows
    }
}
