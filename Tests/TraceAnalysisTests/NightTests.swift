import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Nights")
struct NightTests {
  @Test("a date is read as it is written, and nothing else is")
  func dates() throws {
    for text in ["1970-01-01", "2026-11-21", "2000-02-29", "0000-01-01", "9999-12-31", "1969-12-31"] {
      #expect(try #require(NightDate(text)).description == text)
    }
    for text in [
      "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-1", "26-11-21", "2026-11-21x", "",
      "٢٠٢٦-١١-٢١",
    ] {
      #expect(NightDate(text) == nil, "\(text)")
    }
    let saturday = try #require(NightDate("2026-11-21"))
    #expect(saturday.weekday == 6)
    #expect(NightDate(day: saturday.day + 1).description == "2026-11-22")
  }

  @Test("every day begins where the one before ends")
  func everyDay() throws {
    let first = try #require(NightDate("1899-12-31"))
    // To the last year that moments reach.
    for day in stride(from: first.day, to: 106_000, by: 17) {
      let date = NightDate(day: day)
      #expect(NightDate(date.description) == date)
      #expect(NightDate(of: date.start) == date)
      #expect(NightDate(of: UnixNanoseconds(date.start.rawValue - 1)).day == day - 1)
    }
    // An hour ahead of UTC the day begins an hour earlier.
    let moment = UnixNanoseconds(first.start.rawValue - 3_600_000_000_000)
    #expect(NightDate(of: moment).day == first.day - 1)
    #expect(NightDate(of: moment, in: TimeZoneRules(name: "+01:00", offset: 3_600)) == first)
  }

  static func summary(_ date: String, findings: [(String, FindingSeverity)] = []) throws -> NightSummary {
    var night = NightSummary(date: try #require(NightDate(date)))
    night.window.start = night.date.start
    night.window.end = UnixNanoseconds(night.date.start.rawValue + 7)
    night.traceCount = 10
    night.requests = 9
    night.failures = 2
    night.baseline = NightDate("2026-11-13")
    var service = NightService()
    service.name = "a\"\\\u{1}\u{2028}‮\u{85}é"
    service.requests = 5
    service.p99 = Nanoseconds(123)
    night.services = [service, NightService()]
    night.findings = findings.map { id, severity in
      var finding = NightFinding()
      finding.id = id
      finding.severity = severity
      finding.title = "title of \(id)"
      finding.page = "errors.html#x"
      return finding
    }
    var trace = NightTrace()
    trace.id = TraceID(high: .max, low: 1 << 63)
    trace.start = night.date.start
    trace.operation = "GET </script>"
    night.traces = [trace]
    var shard = NightShard()
    shard.count = 10
    night.shards = [shard]
    night.unsearchedKeys = ["url.full"]
    night.files = ["index.html", "traces/abc.html"]
    return night
  }

  @Test("a summary is read back as it was written, under its own name only")
  func roundTrip() throws {
    let night = try Self.summary("2026-11-20", findings: [("x", .high), ("y", .low)])
    let bytes = night.encoded()
    #expect(NightSummary(decoding: bytes, named: night.date) == night)
    #expect(NightSummary(decoding: bytes, named: NightDate(day: night.date.day + 1)) == nil)
    #expect(night.encoded() == bytes)
  }

  @Test("a damaged summary is none, and no byte of it traps")
  func damage() throws {
    let night = try Self.summary("2026-11-20", findings: [("x", .high)])
    let bytes = night.encoded()
    var random = SeededGenerator(seed: 3)
    for end in 0..<bytes.count - 2 {
      #expect(NightSummary(decoding: Array(bytes[..<end]), named: night.date) == nil)
    }
    for _ in 0..<3_000 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = NightSummary(decoding: damaged, named: night.date)
    }
  }

  @Test(
    "no file of a night lies outside of it",
    arguments: ["../x", "/x", "a/../b", "a//b", "", ".hidden", "a/b/c", "a/.b", "ä", "a b", "a\u{0}b"])
  func fileNames(name: String) throws {
    #expect(!NightSummary.isFileName(name))
    var night = try Self.summary("2026-11-20")
    night.files = [name]
    #expect(NightSummary(decoding: night.encoded(), named: night.date) == nil)
  }

  @Test("findings are new, go on, or are solved; changes and observations take no part")
  func courses() throws {
    var nights = [
      try Self.summary("2026-11-18", findings: [("old", .high), ("steady", .medium), ("back", .low)]),
      try Self.summary("2026-11-19", findings: [("steady", .medium), ("gone", .low)]),
      try Self.summary(
        "2026-11-20", findings: [("new", .high), ("steady", .high), ("back", .low), ("note", .info)]),
    ]
    nights[2].findings[0].isChange = false
    var change = NightFinding()
    change.id = "slower"
    change.severity = .high
    change.isChange = true
    nights[2].findings.append(change)
    let courses = FindingCourse.follow(nights)
    #expect(courses.map(\.finding.id) == ["new", "back", "steady", "gone", "old"])
    #expect(courses.map(\.state) == [.new, .new, .continuing, .solved, .solved])
    #expect(courses[2].severities == [.medium, .medium, .high])
    #expect(courses[2].first == 0)
    #expect(courses[1].severities == [.low, nil, .low])
    #expect(courses[1].first == 2)
    #expect(courses[4].last == 0)
  }
}
