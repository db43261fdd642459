import Foundation

/// What the machine offers.
package enum Processors {
    /// Processors that this process may use, at least 1.
    package static var count: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
