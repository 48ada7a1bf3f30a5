import TestSupport
import Testing

@testable import TraceModel

/// Zones as the system's database has them; skipped where it is not installed.
private let hasDatabase = Files.exists("/usr/share/zoneinfo/Europe/Berlin")

/// Time zone files, and the moments at which clocks show something.
@Suite("Time zones")
struct TimeZoneTests {
  private func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneFile.rules(try Files.read("/usr/share/zoneinfo/" + name), name: name)
  }

  /// Seconds since 1970 of a text with its distance from UTC.
  private func moment(_ text: String) throws -> Int64 {
    let parsed = try #require(MomentText(text))
    let moment = try #require(parsed.moment(in: .utc) { .unknown })
    return moment.rawValue / 1_000_000_000
  }

  /// What a text without distance means in a zone.
  private func moment(_ text: String, in zone: TimeZoneRules) throws -> Int64 {
    let parsed = try #require(MomentText(text))
    let moment = try #require(parsed.moment(in: zone) { .unknown })
    return moment.rawValue / 1_000_000_000
  }

  @Test(
    "the days on which clocks change have 23 and 25 hours", .enabled(if: hasDatabase),
    arguments: [
      ("Europe/Berlin", "2026-03-29", "2026-03-30", 23.0), ("Europe/Berlin", "2026-10-25", "2026-10-26", 25),
      ("Europe/Berlin", "2026-06-01", "2026-06-02", 24), ("America/New_York", "2026-03-08", "2026-03-09", 23),
      // Beyond the table of the file: the yearly rule.
      ("Europe/Berlin", "2060-03-28", "2060-03-29", 23), ("Europe/Berlin", "2060-10-31", "2060-11-01", 25),
      // South of the equator, by half an hour, and at midnight.
      ("Australia/Lord_Howe", "2026-04-05", "2026-04-06", 24.5),
      ("Australia/Lord_Howe", "2026-10-04", "2026-10-05", 23.5),
      ("Africa/Cairo", "2026-04-24", "2026-04-25", 23),
      ("America/Sao_Paulo", "2018-11-04", "2018-11-05", 23),
      ("America/Havana", "2026-11-01", "2026-11-02", 25),
      // Summer time is the standard, and winter time the exception, in law and in the file.
      ("Europe/Dublin", "2026-03-29", "2026-03-30", 23), ("Europe/Dublin", "2026-10-25", "2026-10-26", 25),
    ])
  func lengths(_ name: String, _ day: String, _ next: String, _ hours: Double) throws {
    let zone = try zone(name)
    #expect(try Double(moment(next, in: zone) - moment(day, in: zone)) / 3_600 == hours)
  }

  @Test(
    "what clocks show is found, skipped and doubled hours included", .enabled(if: hasDatabase),
    arguments: [
      ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"),
      // The skipped hour: as the clock that was not put forward would show it.
      ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00Z"),
      ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30Z"),
      ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z"),
      // The doubled hour: the first one.
      ("Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
      ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z"),
      ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00Z"),
      ("Asia/Kathmandu", "2026-11-20", "2026-11-19T18:15Z"),
      ("Pacific/Chatham", "2026-07-01", "2026-06-30T11:15Z"),
      ("Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00Z"),
      ("Asia/Kolkata", "2026-11-20", "2026-11-19T18:30Z"),
      ("Etc/GMT+12", "2026-11-20", "2026-11-20T12:00Z"), ("UTC", "2026-11-20", "2026-11-20T00:00Z"),
      // A day that Samoa left out.
      ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"),
      ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z"),
      // Local mean time, before zones.
      ("Europe/Amsterdam", "1700-01-01", "1699-12-31T23:42:30Z"),
    ])
  func moments(_ name: String, _ shown: String, _ expected: String) throws {
    let found = try moment(shown, in: try zone(name))
    // Older databases have Amsterdam's own mean time.
    let wanted = try moment(expected)
    if name == "Europe/Amsterdam" { return #expect(abs(found - wanted) < 1_200) }
    #expect(found == wanted, "\(found - wanted) s off")
  }

  @Test("every hour of a year goes to its clock and back", .enabled(if: hasDatabase))
  func roundTrip() throws {
    for name in ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"] {
      let zone = try zone(name)
      var moment: Int64 = 2_145_916_800
      while moment < 2_145_916_800 + 400 * 86_400 {
        let shown = zone.civilTime(at: UnixNanoseconds(moment * 1_000_000_000))
        let back = zone.moment(of: shown)
        // A doubled time means the first one.
        #expect(back == moment || (back < moment && moment - back <= 3_600), "\(name) \(moment)")
        #expect(zone.civilTime(at: UnixNanoseconds(back * 1_000_000_000)) == shown)
        moment += 3_600
      }
    }
  }

  @Test(
    "a file that is cut, changed or none is refused or read, and never trapped on", .enabled(if: hasDatabase))
  func hostile() throws {
    let bytes = try Files.read("/usr/share/zoneinfo/Europe/Berlin")
    for end in 0..<bytes.count {
      #expect(throws: TimeZoneError.self) { try TimeZoneFile.rules(Array(bytes[..<end]), name: "cut") }
    }
    var random = SeededGenerator(seed: 7)
    for _ in 0..<3_000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let zone = try? TimeZoneFile.rules(changed, name: "changed") else { continue }
      for moment in [Int64.min / 4, 0, 1_793_577_600, 4_102_444_800] {
        _ = zone.offset(at: moment)
        _ = zone.moment(of: CivilTime(seconds: max(moment, -62_135_596_800)))
      }
    }
    #expect(throws: TimeZoneError.self) { try TimeZoneFile.rules([], name: "empty") }
    #expect(throws: TimeZoneError.self) { try TimeZoneFile.rules(Array("TZif2".utf8), name: "short") }
  }

  @Test(
    "yearly rules are read as POSIX writes them",
    arguments: [
      ("UTC0", true), ("CET-1CEST,M3.5.0,M10.5.0/3", true), ("<+0330>-3:30", true),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true), ("IST-1GMT0,M10.5.0,M3.5.0/1", true),
      ("EST5EDT,0/0,J365/25", true),
      ("", false), ("C-1", false), ("CET", false), ("CET-1CEST", false), ("CET-1CEST,M13.1.0,M1.1.0", false),
      ("CET-1CEST,M3.6.0,M1.1.0", false), ("CET-1CEST,M3.5.0,M10.5.0/168", false), ("CET-1CEST,J0,J1", false),
      ("CET-99", false), ("<CET-1", false), ("CET-1CEST,M3.5.0,M10.5.0/3x", false),
    ])
  func rules(_ text: String, _ isRule: Bool) {
    #expect((YearlyTimeRuleParser.parse(Array(text.utf8)[...]) != nil) == isRule)
  }

  @Test("summer time all year, as the database writes it")
  func allYear() throws {
    let rule = try #require(YearlyTimeRuleParser.parse(Array("EST5EDT,0/0,J365/25".utf8)[...]))
    for moment: Int64 in [1_767_225_600, 1_767_243_600, 1_782_864_000, 1_798_761_599] {
      #expect(rule.offset(at: moment) == -4 * 3_600)
    }
  }

  @Test("the calendar knows its leap years and weekdays")
  func calendar() {
    #expect(CivilTime.isDay(2024, 2, 29) && CivilTime.isDay(2000, 2, 29))
    #expect(!CivilTime.isDay(2026, 2, 29) && !CivilTime.isDay(1900, 2, 29) && !CivilTime.isDay(2026, 4, 31))
    for seconds: Int64 in [-62_135_596_800, -1, 0, 951_782_400, 1_793_577_600, 9_999_999_999] {
      #expect(CivilTime(seconds: seconds).seconds == seconds)
    }
    #expect(CivilTime(year: 2026, month: 11, day: 20).weekday == 5)
    #expect(CivilTime(year: 1969, month: 12, day: 28).weekday == 0)
    #expect(
      CivilTime(year: 2026, month: 3, day: 1).day(after: -1) == CivilTime(year: 2026, month: 2, day: 28))
  }
}

/// Moments as the command line takes them.
@Suite("Moments as texts")
struct MomentTextTests {
  /// 2026-11-20T12:34:56Z.
  private static let now = UnixNanoseconds(1_795_178_096_000_000_000)

  private func moment(_ text: String, offset: Int = 0) -> Int64? {
    MomentText(text)?.moment(in: TimeZoneRules(name: "", offset: offset)) { Self.now }?.rawValue
  }

  @Test(
    "each form",
    arguments: [
      ("2026-11-20", "2026-11-20T00:00:00Z"), ("2026-11-20 03:04", "2026-11-20T03:04:00Z"),
      ("2026-11-20T03:04:05", "2026-11-20T03:04:05Z"), ("2026-11-20T03:04:05+01:00", "2026-11-20T02:04:05Z"),
      ("2026-11-20T03:04-0330", "2026-11-20T06:34:00Z"), ("@1795178096", "2026-11-20T12:34:56Z"),
      ("today", "2026-11-20"), ("yesterday", "2026-11-19"), ("now", "2026-11-20T12:34:56Z"),
      ("36h", "2026-11-19T00:34:56Z"), ("7d", "2026-11-13T12:34:56Z"), ("1w2d", "2026-11-11T12:34:56Z"),
      ("1d12h30m", "2026-11-19T00:04:56Z"), ("2 days ago", "2026-11-18T12:34:56Z"),
      ("90 minutes ago", "2026-11-20T11:04:56Z"),
    ])
  func forms(_ text: String, _ same: String) throws {
    let found = try #require(moment(text))
    #expect(found == moment(same))
  }

  @Test("fractions go down to the nanosecond")
  func fractions() {
    #expect(moment("1970-01-01T00:00:00.000000001Z") == 1)
    #expect(moment("1970-01-01T00:00:00.5Z") == 500_000_000)
  }

  @Test(
    "anything else is none",
    arguments: [
      "", " ", "tomorrow", "2026", "2026-13-01", "2026-02-30", "2026-11-20T24:00", "2026-11-20T03",
      "2026-11-20T03:04Z ",
      "20261120", "-3h", "3", "7x", "7d-1h", "99999999999999999999d", "@", "@1e9", "2026-11-20T03:04+1",
      "3 moons ago",
      "2026-11-20T03:04:05.Z", "２d",
    ])
  func none(_ text: String) { #expect(MomentText(text) == nil) }

  @Test("days begin where the zone says")
  func days() {
    // 12:34 in UTC is the next day, 00:34, twelve hours to the east.
    #expect(moment("today", offset: 12 * 3_600) == moment("2026-11-20T12:00Z"))
    #expect(moment("yesterday", offset: -13 * 3_600) == moment("2026-11-18T13:00Z"))
  }

  @Test("what lies beyond the type is told and not wrapped around")
  func range() {
    #expect(MomentText("0001-01-01").map { $0.moment(in: .utc) { Self.now } } == .some(nil))
    #expect(MomentText("9999-12-31T23:59") != nil)
  }
}
