// swift-tools-version:6.3
import PackageDescription

/// One list for every target of ours: the walls and the strictness are the compiler's job.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// MARK: - Products of other packages, named once

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let heapModule = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

// MARK: - Targets, room by room

let shared: [Target] = [
    .systemLibrary(
        name: "CSystemd", path: "Sources/Shared/CSystemd", pkgConfig: "libsystemd",
        providers: [.apt(["libsystemd-dev"])]),
    .systemLibrary(name: "CMalloc", path: "Sources/Shared/CMalloc"),
    .systemLibrary(name: "CSQLiteMemory", path: "Sources/Shared/CSQLiteMemory"),
    .target(name: "DomainModel", path: "Sources/Shared/DomainModel", swiftSettings: settings),
    .target(
        name: "EventLoopTasks", dependencies: [nioCore], path: "Sources/Shared/EventLoopTasks",
        swiftSettings: settings),
    .target(
        name: "EntityTags", dependencies: [crypto, nioCore], path: "Sources/Shared/EntityTags",
        swiftSettings: settings),
    .target(
        name: "WireProtocol",
        dependencies: ["DomainModel", "EventLoopTasks", "Sharding", nioCore, nioFoundation, nioPosix, logging],
        path: "Sources/Shared/WireProtocol", swiftSettings: settings),
    .target(
        name: "Sharding", dependencies: ["DomainModel"],
        path: "Sources/Shared/Sharding", swiftSettings: settings),
    .target(
        name: "Storage", dependencies: ["CSQLiteMemory", "Migrations", "DomainModel", grdb, grdbSQLite],
        path: "Sources/Shared/Storage", swiftSettings: settings),
    .target(
        name: "Observability", dependencies: ["CSystemd", "DomainModel", logging, metrics],
        path: "Sources/Shared/Observability", swiftSettings: settings),
    .target(
        name: "ServiceSupport", dependencies: ["CMalloc", "Observability", configuration, logging],
        path: "Sources/Shared/ServiceSupport", swiftSettings: settings),
    .target(
        name: "Migrations", path: "migrations",
        resources: [.embedInCode("registry"), .embedInCode("postgres"), .embedInCode("user")], swiftSettings: settings),
]

let supervisor: [Target] = [
    .target(name: "CProcess", path: "Sources/supervisor/CProcess"),
    .target(
        name: "SupervisorCore",
        dependencies: [
            "CProcess", "CSystemd", "DomainModel", "WireProtocol", "Sharding", "ServiceSupport", "Observability",
            logging,
            nioCore, nioFoundation, nioPosix,
        ],
        path: "Sources/supervisor/SupervisorCore", swiftSettings: settings),
    .target(
        name: "SupervisorCommands",
        dependencies: ["SupervisorCore", "ServiceSupport", "Observability", argumentParser, logging, nioPosix],
        path: "Sources/supervisor/SupervisorCommands", swiftSettings: settings),
    .executableTarget(
        name: "supervisor", dependencies: ["SupervisorCommands", argumentParser],
        path: "Sources/supervisor", exclude: ["SupervisorCommands", "SupervisorCore", "CProcess"],
        swiftSettings: settings),
]

let worker: [Target] = [
    .target(
        name: "CTorBoxList", path: "Sources/worker/CTorBoxList",
        linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
        name: "ItemDecoding", dependencies: ["CTorBoxList", "DomainModel"],
        path: "Sources/worker/ItemDecoding", swiftSettings: settings),
    .target(
        name: "RuleEngine", dependencies: ["DomainModel"],
        path: "Sources/worker/RuleEngine", swiftSettings: settings),
    .target(
        name: "RuleReplay", dependencies: ["RuleEngine", "ItemDecoding", "DomainModel"],
        path: "Sources/worker/RuleReplay", swiftSettings: settings),
    .target(name: "CPQ", path: "Sources/worker/Registry/CPQ"),
    .target(
        name: "Registry",
        dependencies: [
            "CPQ", "Storage", "Migrations", "ServiceSupport", "DomainModel", crypto, cryptoExtras, grdb, logging,
        ],
        path: "Sources/worker/Registry", exclude: ["CPQ"], swiftSettings: settings),
    .target(
        name: "UserStore", dependencies: ["Storage", "DomainModel", orderedCollections, grdb, logging],
        path: "Sources/worker/UserStore", swiftSettings: settings),
    .target(
        name: "TorBoxClient",
        dependencies: [
            "DomainModel", "ItemDecoding", "Observability", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix,
        ],
        path: "Sources/worker/TorBoxClient", swiftSettings: settings),
    .target(
        name: "WorkerCore",
        dependencies: [
            "RuleEngine", "ItemDecoding", "UserStore", "Registry", "Storage", "TorBoxClient", "EntityTags",
            "EventLoopTasks", "WireProtocol", "Sharding", "ServiceSupport", "Observability", "DomainModel", crypto,
            grdb,
            heapModule, lifecycle, logging, nioCore, nioPosix, unixSignals,
        ],
        path: "Sources/worker/WorkerCore", swiftSettings: settings),
    .target(
        name: "WorkerCommands", dependencies: ["WorkerCore", "RuleReplay", argumentParser],
        path: "Sources/worker/WorkerCommands", swiftSettings: settings),
    .executableTarget(
        name: "worker", dependencies: ["WorkerCommands", argumentParser],
        path: "Sources/worker",
        exclude: [
            "WorkerCommands", "WorkerCore", "RuleEngine", "RuleReplay", "ItemDecoding", "CTorBoxList", "Registry",
            "UserStore",
            "TorBoxClient",
        ],
        swiftSettings: settings),
]

/// One part of the OpenAPI document for each resource; `OpenAPIDocument.parts` puts them together.
let openAPIParts = [
    "activity", "admin-automation", "admin-databases", "admin-metrics", "admin-system", "admin-users", "archive",
    "components", "health", "links", "parked", "protection", "rules", "service", "tags", "uploads", "views",
]

let gateway: [Target] = [
    .systemLibrary(
        name: "CZlib", path: "Sources/api-gateway/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "GatewayCore",
        dependencies: [
            "CZlib", "EntityTags", "EventLoopTasks", "WireProtocol", "Sharding", "ServiceSupport", "Observability",
            "DomainModel", crypto, hummingbird,
            hummingbirdCore, httpTypes, lifecycle, logging, nioCore, nioPosix, nioHTTP1, nioHTTPTypes,
            nioHTTPTypesHTTP1, nioFoundation, unixSignals,
        ],
        path: "Sources/api-gateway/GatewayCore",
        resources: openAPIParts.map { .embedInCode("OpenAPI/\($0).json") }, swiftSettings: settings),
    .target(
        name: "GatewayCommands",
        dependencies: ["GatewayCore", "ServiceSupport", "Observability", argumentParser, logging],
        path: "Sources/api-gateway/GatewayCommands", swiftSettings: settings),
    .executableTarget(
        name: "api-gateway", dependencies: ["GatewayCommands", argumentParser],
        path: "Sources/api-gateway", exclude: ["GatewayCommands", "GatewayCore", "CZlib"], swiftSettings: settings),
]

/// What gets installed: all three programs in one file, see its main.
let installed: [Target] = [
    .executableTarget(
        name: "torbox-backend",
        dependencies: ["SupervisorCommands", "WorkerCommands", "GatewayCommands", argumentParser],
        path: "Sources/torbox-backend", swiftSettings: settings)
]

let simulator: [Target] = [
    .target(
        name: "TorBoxSimulator",
        dependencies: ["EventLoopTasks", crypto, hummingbird, httpTypes, lifecycle, logging, nioCore, nioPosix],
        path: "Sources/torbox-simulator/TorBoxSimulator", swiftSettings: settings),
    .executableTarget(
        name: "torbox-simulator", dependencies: ["TorBoxSimulator", argumentParser],
        path: "Sources/torbox-simulator",
        exclude: [
            "TorBoxSimulator", "ServiceHarness", "Demo", "Chaos", "ChaosVerdict", "StockFixture", "StockFixtureTool",
        ],
        swiftSettings: settings),
    .target(
        name: "ServiceHarness", dependencies: ["DomainModel", asyncHTTPClient, nioCore, nioFoundation, nioHTTP1],
        path: "Sources/torbox-simulator/ServiceHarness", swiftSettings: settings),
    .executableTarget(
        name: "torbox-demo", dependencies: ["DomainModel", "ServiceHarness", "TorBoxSimulator", argumentParser],
        path: "Sources/torbox-simulator/Demo", swiftSettings: settings),
    .target(
        name: "StockFixture", dependencies: ["Registry", "DomainModel", crypto, grdb],
        path: "Sources/torbox-simulator/StockFixture", swiftSettings: settings),
    .executableTarget(
        name: "torbox-stock-fixture", dependencies: ["StockFixture", argumentParser],
        path: "Sources/torbox-simulator/StockFixtureTool", swiftSettings: settings),
    .target(
        name: "ChaosVerdict", dependencies: ["DomainModel", "ServiceHarness", "TorBoxSimulator"],
        path: "Sources/torbox-simulator/ChaosVerdict", swiftSettings: settings),
    .executableTarget(
        name: "torbox-chaos",
        dependencies: [
            "ChaosVerdict", "DomainModel", "ServiceHarness", "TorBoxSimulator", argumentParser, asyncHTTPClient,
            nioCore, nioHTTP1, unixSignals,
        ],
        path: "Sources/torbox-simulator/Chaos", swiftSettings: settings),
]

/// A test target over `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], excluding: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: excluding, swiftSettings: settings)
}

let testing: [Target] = [
    tests("DomainModelTests", ["DomainModel"]),
    tests(
        "WireProtocolTests",
        [
            "WireProtocol", "EntityTags", "EventLoopTasks", "Sharding", "DomainModel", nioCore, nioEmbedded, nioPosix,
            logging,
        ],
        excluding: ["Golden"]),
    tests("ShardingTests", ["Sharding", "DomainModel"]),
    tests("ServiceSupportTests", ["ServiceSupport", "Observability", "DomainModel", logging, metrics]),
    tests("StorageTests", ["Storage", "Migrations", "DomainModel", grdb, logging]),
    tests(
        "SupervisorCoreTests",
        [
            "SupervisorCore", "CProcess", "DomainModel", "Sharding", "ServiceSupport", "Observability",
            "WireProtocol", logging, nioCore, nioPosix,
        ]),
    tests("ItemDecodingTests", ["ItemDecoding", "DomainModel"]),
    tests("RuleEngineTests", ["RuleEngine", "RuleReplay", "ItemDecoding", "DomainModel"]),
    tests(
        "RegistryTests",
        ["Registry", "ServiceHarness", "Storage", "Migrations", "ServiceSupport", "DomainModel", grdb, logging]),
    tests("UserStoreTests", ["UserStore", "Storage", "DomainModel", grdb, logging]),
    tests(
        "TorBoxClientTests",
        [
            "TorBoxClient", "TorBoxSimulator", "ItemDecoding", "DomainModel", "ServiceSupport", asyncHTTPClient,
            logging, nioCore, nioEmbedded, nioPosix, nioHTTP1,
        ]),
    tests(
        "WorkerCoreTests",
        [
            "WorkerCore", "EntityTags", "RuleEngine", "ItemDecoding", "UserStore", "Registry", "Storage",
            "TorBoxClient", "WireProtocol", "Sharding",
            "ServiceSupport", "TorBoxSimulator", "DomainModel", logging, nioCore,
        ]),
    tests(
        "GatewayCoreTests",
        [
            "CZlib", "GatewayCore", "Observability", "WireProtocol", "Sharding", "ServiceSupport", "DomainModel",
            hummingbird,
            hummingbirdTesting, httpTypes, logging, nioCore, nioHTTP1, nioHTTPTypesHTTP1, nioPosix,
        ]),
    tests("TorBoxSimulatorTests", ["TorBoxSimulator", asyncHTTPClient, nioCore, nioHTTP1, logging]),
    tests(
        "ChaosVerdictTests", ["ChaosVerdict", "ServiceHarness", "TorBoxSimulator", asyncHTTPClient, nioCore, nioHTTP1]),
    tests("DocumentationTests", ["GatewayCore", "ServiceSupport", "SupervisorCore", "WorkerCore"]),
    tests(
        "ContractTests",
        [
            "DomainModel", "GatewayCore", "ServiceHarness", "TorBoxSimulator", asyncHTTPClient, httpTypes, nioCore,
            nioHTTP1,
        ]),
    tests("SystemdTests", [], excluding: ["Checks"]),
    tests("ProcessTests", ["DomainModel", "ServiceHarness", "TorBoxSimulator", asyncHTTPClient, crypto, nioCore]),
    tests(
        "AdoptionTests",
        ["StockFixture", "DomainModel", "Registry", "ServiceHarness", "TorBoxSimulator", grdb, logging]),
]

/// Hot places by themselves, for `make bench-micro`; nobody else builds it.
let micro: [Target] =
    Context.environment["MICRO"] == nil
    ? []
    : [
        .executableTarget(
            name: "torbox-micro",
            dependencies: [
                "DomainModel", "ItemDecoding", "RuleEngine", "Storage", "UserStore", "WireProtocol", grdb, nioCore,
            ],
            path: "Benchmarks/Micro", swiftSettings: settings)
    ]

let package = Package(
    name: "torbox-backend",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "torbox-backend", targets: ["torbox-backend"]),
        .executable(name: "supervisor", targets: ["supervisor"]),
        .executable(name: "worker", targets: ["worker"]),
        .executable(name: "api-gateway", targets: ["api-gateway"]),
        .executable(name: "torbox-simulator", targets: ["torbox-simulator"]),
        .executable(name: "torbox-demo", targets: ["torbox-demo"]),
        .executable(name: "torbox-chaos", targets: ["torbox-chaos"]),
        .executable(name: "torbox-stock-fixture", targets: ["torbox-stock-fixture"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: shared + supervisor + worker + gateway + installed + simulator + testing + micro,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
