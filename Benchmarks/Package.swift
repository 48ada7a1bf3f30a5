// swift-tools-version: 6.2
import PackageDescription

/// The benchmark's own package: nothing here is needed to build, test or use Tracebook.
let package = Package(
  name: "benchmarks",
  products: [
    .executable(name: "generate-archive", targets: ["generate-archive"])
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .executableTarget(
      name: "generate-archive",
      dependencies: ["CZlib"],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .treatAllWarnings(as: .error),
      ]),
  ]
)
