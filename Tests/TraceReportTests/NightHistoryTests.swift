import Glibc
import TestSupport
import Testing
import TraceAnalysis
import TraceModel

@testable import TraceReport

@Suite("A history of nights")
struct NightHistoryTests {
  private func publish(
    _ date: String, to folder: String, keep: Int? = nil, text: String = "page", extra: String? = nil
  ) throws -> NightHistory.Outcome {
    var options = NightHistory.Options()
    options.keptDays = keep
    return try NightHistory(folder: folder, options: options).publish(try #require(NightDate(date))) {
      aside in
      let files = ["report.json": "{\"schemaVersion\":1}", "index.html": text, "traces/1.html": text]
      for (name, text) in files { try Files.write(Array(text.utf8), to: aside + "/" + name) }
      if let extra { try Files.write(Array(text.utf8), to: aside + "/" + extra) }
      var night = NightSummary(date: try #require(NightDate(date)))
      night.requests = text.utf8.count
      return night
    }
  }

  private func nights(_ folder: String) -> [String] {
    NightHistory(folder: folder).nights().map(\.date.description)
  }

  @Test("keeps a folder a night, pages over all, and nothing else")
  func keeps() throws {
    let place = try TemporaryFolder()
    _ = try publish("2026-11-20", to: place.path("a/nights"))
    _ = try publish("2026-11-21", to: place.path("a/nights/"))
    #expect(
      Files.names(in: place.path("a/nights")) == [
        "2026-11-20", "2026-11-21", "history.json", "index.html", "search.html",
      ])
    let index = try Files.text(place.path("a/nights/index.html"))
    for link in ["2026-11-20/index.html", "2026-11-21/index.html", "search.html"] {
      #expect(index.contains("href=\"\(link)\""))
    }
    #expect(Files.names(in: place.path("a")) == ["nights"])
  }

  @Test("a night that is published twice replaces itself, and the same night gives the same bytes")
  func replaces() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    _ = try publish("2026-11-20", to: folder)
    _ = try publish("2026-11-21", to: folder, text: "old", extra: "services/old.html")
    _ = try publish("2026-11-21", to: folder, text: "new")
    #expect(try Files.text(folder + "/2026-11-21/index.html") == "new")
    #expect(!Files.exists(folder + "/2026-11-21/services"))
    let before = try Files.tree(folder).map { ($0, try Files.read(folder + "/" + $0)) }
    _ = try publish("2026-11-21", to: folder, text: "new")
    for (name, bytes) in before { #expect(try Files.read(folder + "/" + name) == bytes, "\(name)") }
    #expect(Files.tree(folder).count == before.count)
  }

  @Test("old nights go, counted from the newest; a late one among them stays while it is new")
  func removes() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    for day in 10...19 { _ = try publish("2026-11-\(day)", to: folder, keep: 7) }
    #expect(nights(folder) == (13...19).map { "2026-11-\($0)" })
    let outcome = try publish("2026-11-30", to: folder, keep: 7)
    #expect(outcome.removed.map(\.description) == (13...19).map { "2026-11-\($0)" })
    #expect(nights(folder) == ["2026-11-30"])
    // Asked for by name: it is not removed in the same breath.
    _ = try publish("2026-11-01", to: folder, keep: 7)
    #expect(nights(folder) == ["2026-11-01", "2026-11-30"])
  }

  @Test("whatever is not provably a night of ours is neither removed nor listed")
  func foreign() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    for day in 10...14 { _ = try publish("2026-11-\(day)", to: folder) }
    // A folder with a date for a name; a night under another name; a link to a night; files; a night with a note.
    try place.write("nights/2026-11-01/notes.txt", "mine")
    try place.write("nights/readme.txt", "mine")
    try place.write("nights/2026-11-02", "a file")
    try place.write("nights/.2026-11-05.tracebook-new.txt", "mine")
    let moved = place.path("elsewhere")
    #expect(rename(folder + "/2026-11-10", moved) == 0)
    try FileLinks.make(at: folder + "/2026-11-10", to: moved)
    #expect(rename(folder + "/2026-11-11", folder + "/2026-11-03") == 0)
    try place.write("nights/2026-11-12/traces/mine.txt", "mine")
    try FileLinks.make(at: folder + "/2026-11-13/link", to: moved)
    let outcome = try publish("2026-12-24", to: folder, keep: 7)
    #expect(outcome.removed.map(\.description) == ["2026-11-14"])
    #expect(outcome.spared.map(\.foreign) == ["traces/mine.txt", "link"])
    #expect(
      Files.names(in: folder) == [
        ".2026-11-05.tracebook-new.txt", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-10", "2026-11-12",
        "2026-11-13", "2026-12-24", "history.json", "index.html", "readme.txt", "search.html",
      ])
    #expect(try Files.text(moved + "/index.html") == "page")
    #expect(try Files.text(folder + "/2026-11-12/index.html") == "page")
    // Only what is really there is listed.
    #expect(nights(folder) == ["2026-11-12", "2026-11-13", "2026-12-24"])
    #expect(try Files.text(folder + "/index.html").contains("2026-11-12/index.html"))
    #expect(try !Files.text(folder + "/index.html").contains("2026-11-10/"))
  }

  @Test("refuses a place that is taken, and touches nothing of it")
  func refuses() throws {
    let place = try TemporaryFolder()
    try place.write("file", "mine")
    try place.write("site/report.json", "{\"schemaVersion\":1}")
    try place.write("web/index.html", "mine")
    for name in ["file", "site", "web"] {
      let error = #expect(throws: ReportError.self) { try publish("2026-11-20", to: place.path(name)) }
      #expect(error?.code == .foreignFolder, "\(name)")
    }
    let folder = place.path("nights")
    _ = try publish("2026-11-20", to: folder)
    try place.write("nights/2026-11-20/mine.txt", "mine")
    try place.write("nights/2026-11-21/mine.txt", "mine")
    for date in ["2026-11-20", "2026-11-21"] {
      #expect(throws: ReportError.self) { try publish(date, to: folder, text: "new") }
      #expect(try Files.text(folder + "/\(date)/mine.txt") == "mine")
    }
    #expect(
      Files.names(in: folder) == ["2026-11-20", "2026-11-21", "history.json", "index.html", "search.html"])
    #expect(try Files.text(folder + "/2026-11-20/index.html") == "page")
  }

  @Test("a run that fails leaves all as it was; a second one at the same time is refused")
  func fails() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    _ = try publish("2026-11-20", to: folder)
    let before = try Files.tree(folder).map { ($0, try Files.read(folder + "/" + $0)) }
    let history = NightHistory(folder: folder)
    let date = try #require(NightDate("2026-11-21"))
    #expect(throws: TestFailure.self) {
      _ = try history.publish(date) { aside in
        try Files.write([1], to: aside + "/half")
        throw TestFailure("stop")
      }
    }
    let error = #expect(throws: ReportError.self) {
      _ = try history.publish(date) { _ in
        _ = try publish("2026-11-22", to: folder)
        return NightSummary(date: date)
      }
    }
    #expect(error?.code == .busy)
    #expect(Files.names(in: folder).count == 4)
    for (name, bytes) in before { #expect(try Files.read(folder + "/" + name) == bytes, "\(name)") }
  }

  @Test("what killed runs left is cleared away by the next, whatever night they were at")
  func leftovers() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    _ = try publish("2026-11-20", to: folder)
    _ = try publish("2026-11-21", to: folder)
    try place.write("nights/.2026-11-22.tracebook-new/deep/half.html", "half")
    try place.write("nights/.2026-11-22.tracebook-lock", "")
    try place.write("nights/.index.html.tracebook-new", "half")
    try place.write("nights/.tracebook-lock", "")
    // Killed while an old night was removed.
    #expect(rename(folder + "/2026-11-20", folder + "/.2026-11-20.tracebook-old") == 0)
    unlink(folder + "/.2026-11-20.tracebook-old/index.html")
    // A link in such a place is not followed.
    try place.write("elsewhere/mine.txt", "mine")
    try FileLinks.make(at: folder + "/.2026-11-23.tracebook-new", to: place.path("elsewhere"))
    _ = try publish("2026-11-24", to: folder)
    #expect(
      Files.names(in: folder) == [
        ".2026-11-23.tracebook-new", "2026-11-21", "2026-11-24", "history.json", "index.html", "search.html",
      ])
    #expect(try Files.text(place.path("elsewhere/mine.txt")) == "mine")
    #expect(try !Files.text(folder + "/index.html").contains("2026-11-20/"))
  }

  @Test("the baseline is the last night of the same weekday, else the last one before")
  func baseline() throws {
    let place = try TemporaryFolder()
    let folder = place.path("nights")
    let history = NightHistory(folder: folder)
    let saturday = try #require(NightDate("2026-11-21"))
    #expect(history.baseline(for: saturday) == nil)
    for (date, expected) in [
      ("2026-11-22", nil), ("2026-11-18", "2026-11-18"), ("2026-11-20", "2026-11-20"),
      ("2026-11-07", "2026-11-07"),
      ("2026-11-14", "2026-11-14"), ("2026-11-21", "2026-11-14"),
    ] {
      _ = try publish(date, to: folder)
      #expect(history.baseline(for: saturday)?.date.description == expected)
    }
  }

  @Test("a history within a report would be replaced with it, so it is refused")
  func within() throws {
    let place = try TemporaryFolder()
    try place.write("site/report.json", "{\"schemaVersion\":1}")
    try FileLinks.make(at: place.path("link"), to: place.path("site"))
    for folder in ["site/nights", "link/nights", "site", "other/../site/a/b"] {
      #expect(throws: ReportError.self) {
        try NightHistory(folder: place.path(folder)).check(notWithin: place.path("site/"))
      }
    }
    for folder in ["nights", "site2", "other/site"] {
      try NightHistory(folder: place.path(folder)).check(notWithin: place.path("site"))
    }
  }

  @Test("the pages over all nights are well-formed, whatever services are called")
  func wellFormed() throws {
    let place = try TemporaryFolder()
    for (number, name) in HostileStrings.all.enumerated() {
      let date = NightDate(day: 20_000 + number % 5)
      _ = try NightHistory(folder: place.path("nights")).publish(date) { aside in
        try Files.write(Array("{\"schemaVersion\":1}".utf8), to: aside + "/report.json")
        var night = NightSummary(date: date)
        var service = NightService()
        service.name = name
        night.services = [service]
        var finding = NightFinding()
        finding.id = name
        finding.severity = .high
        finding.title = name
        finding.page = name
        night.findings = [finding]
        var trace = NightTrace()
        (trace.service, trace.operation, trace.errorText) = (name, name, name)
        night.traces = [trace]
        night.unsearchedKeys = [name]
        return night
      }
      for page in ["index.html", "search.html"] {
        let document = try XPathDocument(xml: try Files.read(place.path("nights/" + page)))
        #expect(document.count("//main") == 1)
        #expect(document.count("//script") == (page == "index.html" ? 1 : 2))
      }
    }
  }
}
