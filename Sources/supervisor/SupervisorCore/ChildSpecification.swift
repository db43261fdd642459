import WireProtocol

/// What to start for a child. Each start of the same child uses the same.
package struct ChildSpecification: Sendable, Equatable {
    package var executable: String
    /// Without the program's name.
    package var arguments: [String]
    package var environment: [String: String]

    package init(executable: String, arguments: [String], environment: [String: String]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }
}
