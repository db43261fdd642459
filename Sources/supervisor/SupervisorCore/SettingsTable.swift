package import ServiceSupport

/// All settings for people. `-` stands for what is not set.
package enum SettingsTable {
    /// - Parameter origin: where the value of a key comes from.
    package static func text(_ settings: [SettingsReader.Effective], origin: (String) -> String) -> String {
        let rows = settings.sorted { $0.key < $1.key }.map {
            [$0.key, $0.value.isEmpty ? "-" : $0.value, origin($0.key)]
        }
        return TextTable.lines([["SETTING", "VALUE", "FROM"]] + rows).joined(separator: "\n")
    }
}
