import DomainModel
import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

/// A worker that records what it is asked and answers from a script.
final class FakeWorker: Sendable {
    typealias Script = @Sendable (WireProtocol.Request) async -> WireProtocol.Response

    private struct State {
        var script: Script
        var requests: [WireProtocol.Request] = []
        var server: WireServer?
    }
    private let state: Mutex<State>
    private let path: String

    init(at path: String, _ script: @escaping Script = { .json(#"{"success":true,"operation":"\#($0.operation)"}"#) }) {
        self.path = path
        state = Mutex(State(script: script))
    }

    var requests: [WireProtocol.Request] { state.withLock(\.requests) }

    var lastRequest: WireProtocol.Request? { requests.last }

    func answer(_ script: @escaping Script) { state.withLock { $0.script = script } }

    func start() async throws {
        let server = try await WireServer.listen(
            at: path, on: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "fake")
        ) { request in
            let script = self.state.withLock { state in
                state.requests.append(request)
                return state.script
            }
            return await script(request)
        }
        state.withLock { $0.server = server }
    }

    /// Ends all connections once they are idle, and listens no more.
    func stop() async {
        let server = state.withLock { state in
            defer { state.server = nil }
            return state.server
        }
        await server?.drain()
        unlink(path)
    }
}

extension WireProtocol.Response {
    static func json(_ text: String, status: Int = 200, code: String? = nil, epoch: UInt64? = nil) -> Self {
        Self(status: status, code: code, epoch: epoch, body: .bytes(ByteBuffer(string: text)))
    }
}

extension WireProtocol.Request {
    var bodyText: String { String(buffer: body) }
}

extension FakeWorker {
    static var refusal: WireProtocol.Response { .json(#"{"success":false,"error":"no"}"#, status: 409) }
}
