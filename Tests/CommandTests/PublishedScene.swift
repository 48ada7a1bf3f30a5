import Glibc
import TestSupport

/// A published report and a history, and a run that changes both: what must hold whenever that run is stopped.
///
///     site/                 the report of the second night
///     nights/2026-11-25/    the first night
///     nights/2026-11-26/    the second
///     nights/mine.txt, nights/2026-11-01/mine.txt, site.txt     somebody else's
struct PublishedScene: Sendable {
  /// What a run does to the scene.
  enum Change: String, CaseIterable, Sendable {
    /// The second night is run again, over other archives.
    case replace
    /// A later night comes, and both old ones go.
    case grow

    var arguments: [String] {
      let output = ["-o", "site", "--history", "nights"]
      switch self {
      case .replace: return ["report", "IN/other"] + output
      case .grow: return ["report", "IN/later"] + output + ["--keep", "7d"]
      }
    }
  }

  private let inputs: TemporaryFolder
  private let published: TemporaryFolder
  /// All files before any change.
  let old: [String: [UInt8]]
  /// All files after each change.
  let new: [Change: [String: [UInt8]]]

  /// Made once.
  static let shared = Task { try await PublishedScene() }

  private init() async throws {
    inputs = try TemporaryFolder()
    for (name, day, file) in [
      ("first", 0, "user-1-0"), ("second", 1, "user-1-0"), ("other", 1, "user-1-1"), ("later", 8, "user-1-0"),
    ] {
      try ShiftedSample.writeShop(days: day, to: inputs, name) { $0.hasPrefix(file) }
    }
    published = try TemporaryFolder()
    for name in ["first", "second"] {
      let result = try await CommandRunner(in: published.path).run(
        ["report", inputs.path(name), "-o", "site", "--history", "nights"])
      if result.status != 0 { throw TestFailure(result.errorOutput) }
    }
    for file in ["nights/mine.txt", "nights/2026-11-01/mine.txt", "site.txt"] {
      try published.write(file, "mine")
    }
    old = try Self.files(published.path)
    var new: [Change: [String: [UInt8]]] = [:]
    for change in Change.allCases {
      let place = try TemporaryFolder()
      try Self.copy(old, to: place.path)
      let result = try await CommandRunner(in: place.path).run(Self.arguments(change, inputs))
      if result.status != 0 { throw TestFailure(result.errorOutput) }
      new[change] = try Self.files(place.path)
    }
    self.new = new
  }

  private static func arguments(_ change: Change, _ inputs: TemporaryFolder) -> [String] {
    change.arguments.map { $0.replacing("IN/", with: inputs.path + "/") }
  }

  /// The command line of a change.
  func arguments(_ change: Change) -> [String] { Self.arguments(change, inputs) }

  /// The scene before any change, in an empty folder.
  func prepare(in folder: String) throws { try Self.copy(old, to: folder) }

  private static func copy(_ files: [String: [UInt8]], to folder: String) throws {
    for (name, bytes) in files { try Files.write(bytes, to: folder + "/" + name) }
  }

  static func files(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in Files.tree(folder) { files[name] = try Files.read(folder + "/" + name) }
    return files
  }

  // MARK: what must hold

  /// What is published by one step each.
  private static let units = [
    "site", "nights/history.json", "nights/index.html", "nights/search.html", "nights/2026-11-25",
    "nights/2026-11-26", "nights/2026-12-03",
  ]

  private static func unit(_ name: String, of files: [String: [UInt8]]) -> [String: [UInt8]] {
    files.filter { $0.key == name || $0.key.hasPrefix(name + "/") }
  }

  /// What does not hold in a folder in which a change was stopped; empty when all does.
  func faults(_ change: Change, in folder: String) throws -> [String] {
    let now = try Self.files(folder)
    let new = new[change] ?? [:]
    var faults: [String] = []
    for name in Self.units {
      let unit = Self.unit(name, of: now)
      if unit != Self.unit(name, of: old), unit != Self.unit(name, of: new) {
        faults.append("\(name) is neither the old nor the new one")
      }
    }
    for (name, bytes) in old where bytes == Array("mine".utf8) && now[name] != bytes {
      faults.append("\(name) was touched")
    }
    for name in now.keys where old[name] == nil && new[name] == nil && !Self.isLeftOver(name) {
      faults.append("\(name) lies about")
    }
    for page in ["index.html", "search.html"] {
      guard let bytes = now["nights/" + page] else { continue }
      for link in Set(try XPathDocument(xml: bytes).strings("//@href")) {
        guard let target = SiteAddress(link, from: page) else { continue }
        // In the instant between the two steps, the pages may still name what the old second night had.
        if now["nights/" + target.file] == nil, old["nights/" + target.file] == nil {
          faults.append("\(page) links to \(link)")
        }
        let night = "nights/" + target.file.prefix { $0 != "/" } + "/index.html"
        if target.file.contains("/"), now[night] == nil {
          faults.append("\(page) names a night that is gone")
        }
      }
    }
    return faults.sorted()
  }

  /// True for what a killed run may leave for the next one to clear away.
  private static func isLeftOver(_ name: String) -> Bool {
    name.split(separator: "/").contains { part in
      part.hasPrefix(".")
        && [".tracebook-new", ".tracebook-lock", ".tracebook-old"].contains { part.hasSuffix($0) }
    }
  }

  /// How far a stopped run had come, in a word.
  func phase(_ change: Change, in folder: String) throws -> String {
    let now = try Self.files(folder)
    let new = new[change] ?? [:]
    func isNew(_ name: String) -> Bool {
      Self.unit(name, of: now) == Self.unit(name, of: new)
        && Self.unit(name, of: new) != Self.unit(name, of: old)
    }
    if isNew("site") { return Set(now.keys) == Set(new.keys) ? "done" : "site published" }
    if isNew("nights/index.html") { return "pages over all nights published" }
    if isNew(change == .grow ? "nights/2026-12-03" : "nights/2026-11-26") { return "night published" }
    if now.keys.contains(where: { $0.contains(".index.html.tracebook-new") }) { return "all written aside" }
    if now.keys.contains(where: { $0.hasPrefix("nights/.2026") }) { return "writing the night" }
    if now.keys.contains(where: Self.isLeftOver) { return "writing the site" }
    return "before writing"
  }
}
