package import Logging

/// One event with all its fields, ready to be written.
package struct LogLine: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    package var level: Logger.Level
    /// The process: `supervisor`, `worker 0`, `gateway`.
    package var label: String
    package var message: String
    /// By key, each once.
    package var fields: [Field]

    package init(level: Logger.Level, label: String, message: String, fields: [Field] = []) {
        self.level = level
        self.label = label
        self.message = message
        self.fields = fields
    }

    /// `message key=value …`, on one line whatever the texts are.
    var readable: String {
        fields.reduce(into: LineText.singleLine(message)) { line, field in
            line += " \(LineText.singleLine(field.key))=\(LineText.quotedIfNeeded(field.value))"
        }
    }
}
