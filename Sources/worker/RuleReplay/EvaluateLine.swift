/// What came of one line of cases.
package enum EvaluateLine: Sendable, Equatable {
    /// One line of JSON, without its end.
    case output(String)
    /// The line is no case; the message names the line and what is wrong with it.
    case malformed(String)
    /// Nothing but white space.
    case blank
}
