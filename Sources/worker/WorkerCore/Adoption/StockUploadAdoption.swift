import DomainModel
import Foundation
import Storage
import UserStore

/// Copies the staged files of a user's uploads, and makes their rows say where those are here.
struct StockUploadAdoption {
    let user: PlannedUser
    let directory: StockDirectory
    let root: String
    let isDryRun: Bool

    func run(_ db: UserDatabase.Connection, _ outcome: inout UserOutcome) throws {
        for row in try StockUploads.withFiles(db) { try adopt(row, db, &outcome) }
        outcome.queuedUploads = try StockUploads.queued(db)
        let processing = try StockUploads.processing(db)
        if processing > 0 {
            outcome.findings.append(AdoptionFinding(.uploadsInterrupted, of: user.id, "\(processing) uploads"))
        }
    }

    private func adopt(
        _ row: StockUploads.Row, _ db: UserDatabase.Connection, _ outcome: inout UserOutcome
    ) throws {
        func note(_ kind: AdoptionFindingKind, _ text: String) {
            outcome.findings.append(AdoptionFinding(kind, of: user.id, "upload \(row.id): \(text)"))
        }
        guard let inside = inside(row.path) else { return note(.uploadPathForeign, row.path) }
        let moved = "user_\(user.id.hex)/\(inside)"
        guard let place = UploadPath(moved, of: user.id, root: root) else { return note(.uploadPathForeign, row.path) }
        if row.path != place.description { try StockUploads.setPath(db, row.id, place.description) }
        let source = "\(directory.uploads)/user_\(user.source.hex)/\(inside)"
        guard let size = PrivateFiles.status(of: source)?.bytes else {
            // Of one that has ended nobody needs the file.
            if ["queued", "processing"].contains(row.status) { note(.uploadFileMissing, inside) }
            return
        }
        guard try isDryRun || copy(source, to: "\(root)/\(place)") else { return note(.uploadFileDiffers, inside) }
        outcome.uploadFiles += 1
        outcome.uploadBytes += size
    }

    /// What follows the user's folder, wherever the storage root was.
    private func inside(_ path: String) -> String? {
        let folder = "user_\(user.source.hex)/"
        guard let range = path.range(of: folder, options: .backwards) else { return nil }
        guard range.lowerBound == path.startIndex || path[path.index(before: range.lowerBound)] == "/" else {
            return nil
        }
        return String(path[range.upperBound...])
    }

    /// False when another file is there.
    private func copy(_ source: String, to destination: String) throws -> Bool {
        if PrivateFiles.exists(destination) {
            // Of an earlier run, complete because it has its name.
            return try FileDigest.sha256(of: source) == FileDigest.sha256(of: destination)
        }
        if let slash = destination.lastIndex(of: "/") { try PrivateFiles.makeDirectory(String(destination[..<slash])) }
        let draft = "\(destination)\(UserFileAdoption.draftSuffix)"
        try PrivateFiles.remove(draft)
        try PrivateFiles.copy(source, to: draft)
        try PrivateFiles.replace(destination, with: draft)
        return true
    }
}
