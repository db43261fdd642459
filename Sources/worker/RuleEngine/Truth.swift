/// Three-valued logic: what is not known neither holds nor fails to hold, and never makes anything happen.
package enum Truth: String, Sendable, Hashable {
    case no = "false"
    case unknown
    case yes = "true"

    package init(_ flag: Bool) { self = flag ? .yes : .no }
}
