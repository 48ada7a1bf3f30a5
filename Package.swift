// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 language mode, imports private unless said otherwise, warnings are errors.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// Tests themselves are not optimised when what they test is: compiling them would take a third of the time of a build.
let testSettings = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// The released binary carries the Swift runtime, so that it runs where no Swift is installed. Done here and not
/// with `--static-swift-stdlib`, because that switch would hide the testing library from the tests of the same
/// build. The libraries named are what FoundationEssentials needs and would otherwise be linked by that switch.
let staticRuntime = [
  "-static-stdlib", "-use-ld=lld", "-l_FoundationCollections", "-l_FoundationCShims",
  "-lswiftSynchronization",
]

let package = Package(
  name: "tracebook",
  products: [
    .executable(name: "tracebook", targets: ["tracebook"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CMemory"),
    .target(name: "CTemplates"),
    .target(name: "CInflate", linkerSettings: [.linkedLibrary("isal")]),

    .target(name: "TraceModel", dependencies: ["CMemory"], swiftSettings: settings),
    .target(
      name: "SpanArchive", dependencies: ["TraceModel", "CInflate", "CMemory", "CZstd"],
      swiftSettings: settings),
    .target(
      name: "TraceAnalysis", dependencies: ["TraceModel", "CMemory", "CYaml"], swiftSettings: settings),
    .target(
      name: "TraceReport",
      dependencies: ["TraceModel", "TraceAnalysis", "CLibXML2", "CTemplates", "CZlib", "CInflate"],
      swiftSettings: settings),
    .executableTarget(
      name: "tracebook",
      dependencies: [
        "TraceModel", "SpanArchive", "TraceAnalysis", "TraceReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings,
      linkerSettings: [.unsafeFlags(staticRuntime, .when(configuration: .release))]),

    .target(
      name: "TestSupport",
      dependencies: ["TraceModel", "SpanArchive", "TraceAnalysis", "CLibXML2", "CZlib"],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "TraceModelTests", dependencies: ["TraceModel", "TestSupport"], swiftSettings: testSettings),
    .testTarget(
      name: "SpanArchiveTests", dependencies: ["SpanArchive", "TestSupport", "CZstd"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "TraceAnalysisTests", dependencies: ["TraceAnalysis", "TestSupport"], swiftSettings: testSettings),
    .testTarget(
      name: "TraceReportTests",
      dependencies: ["TraceReport", "TestSupport", "CLibXML2"], swiftSettings: testSettings),
    .testTarget(
      name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: testSettings),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["TraceModel", "SpanArchive", "TraceAnalysis", "TraceReport", "TestSupport"],
      swiftSettings: testSettings),
    // The command is run as a program, so nothing of it is imported.
    .testTarget(
      name: "CommandTests", dependencies: ["TestSupport"], swiftSettings: testSettings),
  ]
)

// Built only when asked for (Tests/Fuzz/run): the instrumentation of all modules, and the fuzzer, come from the
// command line.
if Context.environment["TRACEBOOK_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["TestSupport"], path: "Tests/Fuzz/Targets", swiftSettings: settings))
}
