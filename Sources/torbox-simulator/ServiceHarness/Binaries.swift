package import Foundation

/// Where the executables of this build are: beside the test bundle.
package enum Binaries {
    package static var directory: URL {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
        var directory = URL(fileURLWithPath: bundle)
        while directory.path != "/" {
            directory.deleteLastPathComponent()
            let supervisor = directory.appendingPathComponent("supervisor").path
            if FileManager.default.isExecutableFile(atPath: supervisor) { return directory }
        }
        return URL(fileURLWithPath: ".build/debug")
    }
}
