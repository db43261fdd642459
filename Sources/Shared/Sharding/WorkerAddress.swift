/// Where a worker listens.
package enum WorkerAddress {
    /// `<runtime directory>/worker-<index>.sock`. Kept short: a Unix socket's path may have 103 bytes.
    package static func socketPath(runtimeDirectory: String, worker: Int) -> String {
        "\(runtimeDirectory)/worker-\(worker).sock"
    }
}
