import TestSupport

/// Seven nights of the recorded shop, made by seven runs; some nights lack archives, so that findings come and go.
final class HistorySite: Sendable {
  let folder: TemporaryFolder

  static let nights = (25...31).map { "2026-11-\($0)" }.map { $0 == "2026-11-31" ? "2026-12-01" : $0 }

  /// Made once.
  static let week = Task { try await HistorySite() }

  init() async throws {
    folder = try TemporaryFolder()
    for day in 0..<7 {
      try ShiftedSample.writeShop(days: day, to: folder, "in/\(day)") { name in
        day == 3 ? !name.hasPrefix("payment") : day == 6 ? name.contains("-0.jsonl") : true
      }
      let result = try await run("in/\(day)")
      if result.status != 0 { throw TestFailure("report ended with \(result.status): \(result.errorOutput)") }
    }
  }

  @discardableResult
  func run(_ archives: String, _ options: String...) async throws -> ProcessResult {
    try await CommandRunner(in: folder.path).run(
      ["report", archives, "--history", "nights", "--keep", "7d", "--title", "Shop"] + options)
  }

  /// The absolute path of a file of the history.
  func path(_ file: String) -> String { folder.path("nights/" + file) }

  /// The pages over all nights, and some of a night.
  var typicalPages: [String] {
    let night = Self.nights[1]
    let traces = Files.names(in: path(night + "/traces")).filter { $0.hasSuffix(".html") }
    return ["index.html", "search.html", night + "/index.html", night + "/compare.html"]
      + traces.prefix(1).map { "\(night)/traces/\($0)" }
  }
}
