/// One thing that is wrong with the configuration, in words that say how to mend it.
package struct ConfigurationProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The environment variable: `WORKERS`.
    package var key: String
    /// What is wrong and how to mend it: `is "many"; give a whole number from 1 to 256`.
    package var message: String

    package init(key: String, message: String) {
        self.key = key
        self.message = message
    }

    package var description: String { "\(key) \(message)" }
}

/// All that is wrong with a configuration, reported together so that one look mends it.
package struct InvalidConfiguration: Error, Sendable, Equatable, CustomStringConvertible {
    package var problems: [ConfigurationProblem]

    package init(_ problems: [ConfigurationProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
