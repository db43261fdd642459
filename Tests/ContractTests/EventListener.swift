import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// A page that listens to the event stream.
final class EventListener: Sendable {
    private struct State {
        var status = 0
        var text = ""
        var isOver = false
    }
    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Begins to listen.
    init(baseURL: String, key: String) {
        // Unstructured because the page listens while the test goes on; ended by ``stop()``.
        let listening = Task { await self.listen(baseURL, key) }
        task.withLock { $0 = listening }
    }

    var status: Int { state.withLock(\.status) }
    var text: String { state.withLock(\.text) }
    /// Whether the service has ended the stream.
    var isOver: Bool { state.withLock(\.isOver) }

    func stop() { task.withLock { $0 }?.cancel() }

    private func listen(_ baseURL: String, _ key: String) async {
        var request = HTTPClientRequest(url: baseURL + "/api/automation/events")
        request.headers.add(name: "x-api-key", value: key)
        request.headers.add(name: "accept", value: "text/event-stream")
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
            state.withLock { $0.status = Int(response.status.code) }
            for try await part in response.body { state.withLock { $0.text += String(buffer: part) } }
        } catch {
            // How it ended shows in what has come.
        }
        state.withLock { $0.isOver = true }
    }
}
