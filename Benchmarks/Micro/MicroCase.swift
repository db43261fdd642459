import DomainModel
import Foundation
import GRDB
import ItemDecoding
import NIOCore
import RuleEngine
import Storage
import UserStore
import WireProtocol

/// The hot places of polls and requests, each by itself.
enum MicroCase: String, CaseIterable {
    case frame, list, rules, diff, open, journal

    /// Does it so many times.
    func run(_ count: Int) throws {
        switch self {
        case .frame: try Self.frame(count)
        case .list: try Self.list(count)
        case .rules: try Self.rules(count)
        case .diff: try Self.diff(count)
        case .open: try Self.open(count)
        case .journal: try Self.journal(count)
        }
    }

    /// Items of the lists; figures in `limits.txt` are for this many.
    private static let items = 100

    /// A request and its answer, written and read.
    private static func frame(_ count: Int) throws {
        let request = Request(
            operation: Operation.getRule, user: try Sample.user(), epoch: 3, timeout: .seconds(10),
            correlationID: "4f2a01bc", parameters: ["id": "12"])
        let answer = Response(status: 200, epoch: 3)
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 2_000)
        for number in 0..<UInt64(count) {
            for frame in [request.frame(number: number), Frame(header: answer.header(number: number), body: body)] {
                var bytes = ByteBuffer()
                try FrameCodec.encode(frame, into: &bytes)
                guard try FrameCodec.decode(from: &bytes) != nil else { throw Sample.Failure.frame }
            }
        }
    }

    /// TorBox's answer, read into items.
    private static func list(_ count: Int) throws {
        let bytes = Sample.list(items)
        for _ in 0..<count {
            let decoded = try ItemDecoder.decodeList(bytes, asset: .torrent, isQueued: false)
            guard decoded.items.count == items else { throw Sample.Failure.list }
        }
    }

    /// Three rules held against every item.
    private static func rules(_ count: Int) throws {
        let items = try Sample.items(items)
        let programs = try Sample.programs()
        let context = EvaluationContext(now: Sample.now)
        for _ in 0..<count {
            for program in programs {
                guard RuleEvaluator.evaluate(program, items: items, context: context).selected.isEmpty else {
                    throw Sample.Failure.match
                }
            }
        }
    }

    /// A library that stands still, compared with what is known of it.
    private static func diff(_ count: Int) throws {
        let items = try Sample.items(items)
        let known = SnapshotDiff.between([:], and: items, forgettable: [.torrent], at: Sample.now).tracked
        for _ in 0..<count {
            let diff = SnapshotDiff.between(known, and: items, forgettable: [.torrent], at: Sample.now)
            guard diff.added.isEmpty else { throw Sample.Failure.match }
        }
    }

    /// A user's file opened, asked for its rules, and closed.
    private static func open(_ count: Int) throws {
        try Sample.withUserFile { path, kind in
            for _ in 0..<count {
                let file = try openFile(path, kind)
                _ = try file.inDatabase { try RuleRepository.list($0) }
                try file.close()
            }
        }
    }

    /// Ten intents written to the journal and settled, in two commits.
    private static func journal(_ count: Int) throws {
        let actions = (1...10).map { number in
            NewAction(
                rule: RuleID(1), ruleName: "ratio", revision: 1, item: ItemKey(asset: .torrent, id: number),
                action: "delete", evidence: "{}")
        }
        try Sample.withUserFile { path, kind in
            let file = try openFile(path, kind)
            for _ in 0..<count {
                let ids = try file.write { try ActionRepository.insert($0, actions, at: Sample.now) }
                try file.write { db in
                    for id in ids { try ActionRepository.finish(db, id, .failed, at: Sample.now) }
                }
            }
            try file.close()
        }
    }

    /// As the pool does, but on this thread: callgrind does not survive Dispatch's.
    private static func openFile(_ path: String, _ kind: DatabaseKind) throws -> DatabaseQueue {
        let file = try DatabaseFile.open(path: path, kind: kind)
        try kind.migrator.migrate(file, kind: kind, now: Sample.now)
        return file
    }
}
