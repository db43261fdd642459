import DomainModel
import NIOCore
import UserStore
import WireProtocol

/// Staged files.
extension UploadHandlers {
    @concurrent func stageFile(_ context: RequestContext) async throws -> Response {
        let path = try await queue.staging.stage(context)
        return Reply.success { json in json.member("data", object: { $0.member("file_path", path.description) }) }
    }

    @concurrent func deleteFile(_ context: RequestContext) async throws -> Response {
        guard let text = UploadForm.text(try context.jsonObject()["file_path"]) else {
            throw Refusal(400, "file_path is required")
        }
        guard let path = queue.files.path(text, of: context.user) else {
            throw Refusal(403, "Access to this file is denied")
        }
        let name = path.description
        guard try await !users.read(context.user, { try UploadRepository.isAwaited($0, file: name) }) else {
            throw Refusal(409, "File is needed by a queued upload", detail: "Delete the upload instead.")
        }
        try await queue.files.remove([path])
        return Reply.success { $0.member("message", "File deleted") }
    }

    @concurrent func download(_ context: RequestContext) async throws -> Response {
        let row = try await row(context)
        guard row.source == .file else { throw Refusal(400, "Upload has no file") }
        guard let path = row.filePath.flatMap({ queue.files.path($0, of: context.user) }), !row.isFileDeleted,
            let bytes = try await queue.files.read(path)
        else { throw Refusal(404, "File not found") }
        return Response(
            status: 200, contentType: Self.contentType(row.name), fileName: row.name,
            body: .bytes(ByteBuffer(bytes: bytes)))
    }

    private static func contentType(_ name: String) -> String {
        let name = name.lowercased()
        if name.hasSuffix(".torrent") { return "application/x-bittorrent" }
        return name.hasSuffix(".nzb") ? "application/x-nzb" : "application/octet-stream"
    }
}
