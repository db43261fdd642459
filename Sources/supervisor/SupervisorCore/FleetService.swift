import DomainModel
import Logging
import NIOCore
import Observability
import Sharding

/// The thin shell around ``FleetStateMachine``: feeds it what happens, does what it says, until it is finished.
struct FleetService: Sendable {
    let machine: FleetStateMachine
    let programs: ChildPrograms
    let listener: ListeningSocket
    /// Nil when metrics are not served.
    let metricsListener: ListeningSocket?
    let eventLoop: any EventLoop
    let log: FleetLog
    let stop: StopRequests
    let changes: AsyncStream<FleetChange>
    let board: FleetBoard
    /// Called once, when the gateway has become ready for the first time.
    let onServing: @Sendable () -> Void
    let onDraining: @Sendable () -> Void
    /// Called when a reload failed and children get the settings before it again.
    let onRevert: @Sendable () -> Void

    /// Returns the exit code, with all children gone.
    func run() async -> Int32 {
        // Unbounded on purpose: dropping an exit would lose a child. Children are our own programs and say one thing
        // every two seconds.
        let (events, continuation) = AsyncStream<Occurrence>.makeStream()
        return await withDiscardingTaskGroup { tasks in
            tasks.addTask { [stop] in
                for await request in stop.stream() { continuation.yield(.event(request == .drain ? .stop : .kill)) }
            }
            tasks.addTask { [changes] in
                for await change in changes { continuation.yield(.change(change)) }
            }
            continuation.yield(.event(.start))
            var loop = Loop(service: self, machine: machine, programs: programs, events: continuation)
            var exitCode: Int32?
            for await occurrence in events {
                exitCode = loop.handle(occurrence, &tasks)
                if exitCode != nil { break }
            }
            tasks.cancelAll()
            return exitCode ?? 0
        }
    }
}

extension FleetService {
    private enum Occurrence: Sendable {
        case event(FleetStateMachine.Event)
        case change(FleetChange)
    }

    /// What changes while the fleet runs; only the loop touches it.
    private struct Loop {
        let service: FleetService
        var machine: FleetStateMachine
        var programs: ChildPrograms
        /// Before the latest reload.
        var programsBefore: ChildPrograms?
        let events: AsyncStream<Occurrence>.Continuation
        var generator = SystemRandom()
        var living: [ChildID: ChildProcess] = [:]
        var timer: Scheduled<Void>?

        /// Returns the exit code when that was the last event.
        mutating func handle(_ occurrence: Occurrence, _ tasks: inout DiscardingTaskGroup) -> Int32? {
            switch occurrence {
            case .event(let event): return handle(event, &tasks)
            case .change(.scale(let count)): return handle(.scale(to: count), &tasks)
            case .change(.reload(let programs, let settings)):
                // Not accepted after all, such as while stopping: then nothing changes.
                guard machine.refusal == nil else { return nil }
                (programsBefore, self.programs) = (self.programs, programs)
                return handle(.replaceAll(settings), &tasks)
            }
        }

        private mutating func handle(_ event: FleetStateMachine.Event, _ tasks: inout DiscardingTaskGroup) -> Int32? {
            var exitCode: Int32?
            for action in machine.handle(event, at: .now, using: &generator) {
                if case .finish(let code) = action { exitCode = code }
                perform(action, &tasks)
            }
            service.board.post(machine)
            rearm(isOver: exitCode != nil)
            return exitCode
        }

        private mutating func perform(_ action: FleetStateMachine.Action, _ tasks: inout DiscardingTaskGroup) {
            switch action {
            case .spawn(let id): spawn(id, &tasks)
            case .send(let id, let message): living[id]?.post(message)
            case .signal(let id, let signal): living[id]?.signal(signal)
            case .announce(let id, let announcement): service.log.write(announcement, of: id)
            case .announceServing: service.onServing()
            case .announceDraining: service.onDraining()
            case .closeListener:
                service.listener.closeNow()
                service.metricsListener?.closeNow()
            case .revertSettings:
                programs = programsBefore ?? programs
                service.onRevert()
            case .announceFailure(let reason): service.log.write(failure: reason)
            case .finish: break
            }
        }

        private mutating func spawn(_ id: ChildID, _ tasks: inout DiscardingTaskGroup) {
            var descriptors: [Int32: Int32] = [:]
            var specification = programs.specification(of: id)
            if id.isGateway {
                descriptors[ListeningSocket.descriptorInChild] = service.listener.descriptor
                if let metrics = service.metricsListener?.descriptor {
                    descriptors[ListeningSocket.metricsDescriptorInChild] = metrics
                    specification.environment[ListeningSocket.metricsVariable] = String(
                        ListeningSocket.metricsDescriptorInChild)
                }
            }
            let child = ChildProcess(
                specification, descriptors: descriptors, group: service.eventLoop,
                logger: service.log.logger(for: id))
            living[id] = child
            service.board.started(id, child)
            tasks.addTask { [events] in await child.run { events.yield(.event(.child(id, $0))) } }
        }

        /// One timer for the next thing that is due.
        private mutating func rearm(isOver: Bool) {
            timer?.cancel()
            timer = nil
            guard !isOver, let deadline = machine.nextDeadline else { return }
            let wait = max(.zero, ContinuousClock.now.duration(to: deadline))
            timer = service.eventLoop.scheduleTask(in: TimeAmount(wait)) { [events] in _ = events.yield(.event(.timer))
            }
        }
    }
}
