import ServiceLifecycle

/// Ends the process's service group in good order once somebody asks for it: as a service whose return means that.
final class DrainOrder: Service {
    private let orders: AsyncStream<Void>
    private let order: AsyncStream<Void>.Continuation

    init() { (orders, order) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func give() { order.yield() }

    func run() async {
        for await _ in orders.cancelOnGracefulShutdown() { return }
    }
}
