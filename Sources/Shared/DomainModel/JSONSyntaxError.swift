/// Bytes that are no JSON document, and where reading them stopped.
package struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was expected or found, in lower case: `unterminated text`.
    package let problem: String
    /// Byte at which it was noticed, from 0.
    package let offset: Int

    package init(problem: String, offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "\(problem) at byte \(offset)" }
}
