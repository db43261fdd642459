import Foundation
import NIOCore
import NIOFoundationCompat
import NIOPosix
import ServiceSupport
import WireProtocol

/// An operator's side of the control socket.
package struct ControlClient: Sendable {
    private let path: String

    package init(runtimeDirectory: String) { path = ControlSocket.path(runtimeDirectory: runtimeDirectory) }

    /// Asks once. Throws ``SupervisorError``: `.notRunning` (75) when nobody listens, `.refused` with the
    /// reason (75; 78 when the settings are wrong).
    package func ask(_ operation: String, parameters: [String: String] = [:]) async throws -> FleetStatus {
        let connection = try await connect()
        let response: Response
        do {
            response = try await connection.call(
                Request(operation: operation, timeout: Self.patience(for: operation), parameters: parameters))
        } catch {
            await connection.close()
            throw SupervisorError(.notRunning, "the supervisor did not answer: \(error)", exitCode: ExitCode.temporary)
        }
        await connection.close()
        guard case .bytes(let body) = response.body else { throw refused("an answer that is no status") }
        guard (200..<300).contains(response.status) else {
            throw refused(String(buffer: body), isConfiguration: response.status == 422)
        }
        return try JSONDecoder().decode(FleetStatus.self, from: Data(buffer: body))
    }

    /// A reload runs two programs that check the settings before it answers; all else is answered from memory.
    private static func patience(for operation: String) -> Duration {
        operation == ControlSocket.reload ? .seconds(70) : .seconds(10)
    }

    /// Asks for a change and returns the status once it is over and every child is ready or given up.
    package func change(
        _ operation: String, parameters: [String: String] = [:], within limit: Duration = .seconds(300)
    ) async throws -> FleetStatus {
        let before = try await ask(operation, parameters: parameters)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let status = try await ask(ControlSocket.status)
            let isNew = status.changesMade > before.changesMade || parameters["workers"] == String(status.workers)
            let isSettled = status.children.allSatisfy { ["ready", "quarantined"].contains($0.state) }
            if isNew, isSettled, status.state != "changing" {
                if let failure = status.lastFailure { throw refused(failure) }
                return status
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw SupervisorError(.refused, "the change is not over after \(limit)", exitCode: ExitCode.temporary)
    }

    /// Asks the house to stop and returns once nobody listens any more.
    package func drain(within limit: Duration = .seconds(3_600)) async throws {
        _ = try await ask(ControlSocket.drain)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            do { _ = try await ask(ControlSocket.status) } catch { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func connect() async throws -> WireConnection {
        do {
            return try await WireConnection.connect(to: path, on: MultiThreadedEventLoopGroup.singleton)
        } catch {
            throw SupervisorError(
                .notRunning, "no supervisor listens at \(path) (\(error))",
                hint: "start it, give its DATA_DIR, RUNTIME_DIR or SETTINGS_FILE, or ask as the user that it runs as",
                exitCode: ExitCode.temporary)
        }
    }

    private func refused(_ reason: String, isConfiguration: Bool = false) -> SupervisorError {
        SupervisorError(.refused, reason, exitCode: isConfiguration ? ExitCode.configuration : ExitCode.temporary)
    }
}
