import HTTPTypes
import WireProtocol

/// The upload queue. Source: REST contract, section 3.
///
/// Words in the place of an id (`batch`, `file`, `bulk`, `reorder`) win over it in the router.
enum UploadRoutes {
    static let all = [
        Route(.post, "/api/uploads/file", Operation.stageUploadFile, limiter: .upload),
        Route(.delete, "/api/uploads/file", Operation.deleteUploadFile, limiter: .upload, isRepeatable: true),
        Route(.post, "/api/uploads", Operation.createUpload, limiter: .upload),
        Route(.post, "/api/uploads/batch", Operation.createUploads, limiter: .upload),
        Route(.get, "/api/uploads", Operation.listUploads, query: ["status", "type", "search", "page", "limit"]),
        Route(.get, "/api/uploads/:id", Operation.getUpload),
        Route(.get, "/api/uploads/:id/download", Operation.downloadUpload),
        Route(.post, "/api/uploads/bulk/retry", Operation.retryUploads, limiter: .upload),
        Route(.post, "/api/uploads/:id/retry", Operation.retryUpload),
        Route(.patch, "/api/uploads/reorder", Operation.moveUpload),
        Route(.delete, "/api/uploads/bulk", Operation.deleteUploads, limiter: .upload),
        Route(.delete, "/api/uploads/:id", Operation.deleteUpload),
    ]
}
