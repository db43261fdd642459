import NIOCore

/// Checks that a request body is a JSON document and picks a few top-level texts out of it, without building
/// the document: the worker decodes it, we pass it on untouched.
struct JSONMembers: Sendable, Equatable {
    enum Member: Sendable, Equatable {
        case text(String)
        /// `null`, `false`, `0` or the empty text: as good as absent.
        case empty
        /// A number, `true`, an array or an object.
        case other
    }

    private let members: [String: Member]

    static let none = JSONMembers(members: [:])

    /// The named members of the top-level object; of a name that comes twice the last counts.
    ///
    /// An empty body has no members. Throws ``Problem`` 400 for anything but one JSON object or array, for texts
    /// that are no UTF-8 and for nesting deeper than ``JSONScanner/maximumDepth``.
    static func scan(_ body: ByteBuffer, for names: [String]) throws(Problem) -> JSONMembers {
        guard body.readableBytes > 0 else { return .none }
        var members: [String: Member] = [:]
        let failure: JSONScanner.Failure? = body.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Failure) {
                try scanner.scanDocument { slice, value in
                    guard let name = names.first(where: { slice.matches($0) }) else { return }
                    members[name] = value.member
                }
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw .malformedJSON(failure.description) }
        return JSONMembers(members: members)
    }

    subscript(name: String) -> Member? {
        guard let member = members[name], member != .empty else { return nil }
        return member
    }
}
