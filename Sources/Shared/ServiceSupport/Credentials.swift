import Foundation

/// Secrets that systemd hands over as files of `$CREDENTIALS_DIRECTORY` (`LoadCredential=`), where neither other
/// processes nor `systemctl show` can see them, as they can see an environment.
package enum Credentials {
    package static let directoryVariable = "CREDENTIALS_DIRECTORY"

    /// The setting that a file of this name stands for.
    package static let settings = [
        "encryption-key": "ENCRYPTION_KEY", "database-url": "DATABASE_URL", "admin-api-key": "ADMIN_API_KEY",
    ]

    /// The values by setting, without the line end that editors leave, and what is wrong with the files. A file that
    /// is not there is no problem.
    package static func read(in directory: String?) -> (values: [String: String], problems: [ConfigurationProblem]) {
        guard let directory, !directory.isEmpty else { return ([:], []) }
        var values: [String: String] = [:]
        var problems: [ConfigurationProblem] = []
        for (name, setting) in settings.sorted(by: { $0.key < $1.key }) {
            let path = "\(directory)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard let data = FileManager.default.contents(atPath: path) else {
                problems.append(
                    ConfigurationProblem(key: setting, message: "cannot be read from the credential \(path)"))
                continue
            }
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else {
                problems.append(
                    ConfigurationProblem(key: setting, message: "is empty in the credential \(path); put it there"))
                continue
            }
            values[setting] = text
        }
        return (values, problems)
    }
}
