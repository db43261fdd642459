/// The version of this build, as status and the outgoing User-Agent show it.
package enum BuildVersion {
    package static let text = "1.0.0"
}
