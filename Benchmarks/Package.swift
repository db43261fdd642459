// swift-tools-version:6.3
import PackageDescription

// A package of its own, so that nobody who builds or tests the service builds this. It knows the service from outside
// only: its binaries, its REST interface, the process table. So it needs little, and builds in seconds.
let package = Package(
    name: "torbox-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: [.treatAllWarnings(as: .error)])
    ],
    swiftLanguageModes: [.v6]
)
