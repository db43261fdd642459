/// The version that `/api/backend/status` and the control channel's greeting show.
package enum GatewayVersion {
    package static let current = BuildVersion.text
}
