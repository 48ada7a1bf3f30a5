import Testing

@testable import TraceReport

@Suite("Numbers, lengths and moments")
struct FormattingTests {
  private func plain(_ text: String) -> String {
    text.split(separator: "\u{00A0}", omittingEmptySubsequences: false).joined(separator: " ")
  }

  @Test(
    "lengths have one unit and at most three digits",
    arguments: [
      (0, "0 ns"), (999, "999 ns"), (1_000, "1 µs"), (978_400, "978 µs"), (999_499, "999 µs"),
      (999_500, "1 ms"),
      (7_640_000, "7.6 ms"), (9_960_000, "10 ms"), (492_300_000, "492 ms"), (999_499_999, "999 ms"),
      (999_500_000, "1 s"),
      (1_843_000_000, "1.84 s"), (12_345_000_000, "12.3 s"), (119_000_000_000, "119 s"),
      (150_000_000_000, "2.5 min"),
      (5_400_000_000_000, "90 min"), (36_000_000_000_000, "10 h"),
    ] as [(UInt64, String)])
  func lengths(nanoseconds: UInt64, text: String) {
    #expect(plain(DurationFormat.text(nanoseconds)) == text)
  }

  @Test(
    "figures of a column share its unit",
    arguments: [
      (1_843_000_000, "1,843"), (25_140_000, "25.1"), (7_600_000, "7.6"), (99_960_000, "100"),
      (40_000, "0.04"), (400, "<0.001"), (0, "0"),
    ] as [(UInt64, String)])
  func figures(nanoseconds: UInt64, text: String) {
    #expect(DurationFormat.figure(nanoseconds, in: .milliseconds) == text)
  }

  @Test(
    "shares say as much as three digits can",
    arguments: [
      (0, 10, "0"), (10, 10, "100"), (4_268, 1_874_213, "0.23"), (3_987, 82_840, "4.8"),
      (12, 137_755, "0.009"), (1, 1_000_000, "<0.001"),
      (999_999, 1_000_000, ">99.9"), (71, 100, "71"), (995, 1_000, "99.5"), (1, 0, "–"), (3, 2, "150"),
    ] as [(UInt64, UInt64, String)])
  func shares(part: UInt64, whole: UInt64, text: String) {
    #expect(PercentFormat.digits(part, of: whole) == text)
  }

  @Test("changes have a sign, and large ones are multiples")
  func changes() {
    #expect(PercentFormat.change(from: 100, to: 243).map(plain) == "+143 %")
    #expect(PercentFormat.change(from: 1000, to: 925).map(plain) == "−7.5 %")
    #expect(PercentFormat.change(from: 67, to: 3_987).map(plain) == "59.5 ×")
    #expect(PercentFormat.change(from: 1000, to: 1001).map(plain) == "0 %")
    #expect(PercentFormat.change(from: 0, to: 1) == nil)
  }

  @Test("counts are grouped or short")
  func counts() {
    #expect(NumberFormat.grouped(1_874_213) == "1,874,213")
    #expect(NumberFormat.grouped(-1_234) == "−1,234")
    #expect(NumberFormat.grouped(Int.min) == "−9,223,372,036,854,775,808")
    #expect(plain(NumberFormat.compact(9_999)) == "9,999")
    #expect(plain(NumberFormat.compact(220_595)) == "221 k")
    #expect(plain(NumberFormat.compact(999_900)) == "1 M")
    #expect(plain(NumberFormat.compact(1_874_213)) == "1.87 M")
    #expect(plain(NumberFormat.compact(UInt64.max)) == "18,446,744 T")
    #expect(plain(ByteCountFormat.text(1_730_000_000)) == "1.73 GB")
  }

  @Test(
    "moments follow the calendar",
    arguments: [
      (0, "1970-01-01T00:00:00.000000000Z"), (1_795_208_862_318_000_001, "2026-11-20T21:07:42.318000001Z"),
      (951_827_696_000_000_000, "2000-02-29T12:34:56.000000000Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
      (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    ] as [(Int64, String)])
  func moments(moment: Int64, text: String) {
    #expect(StampFormat.utc.iso(moment) == text)
  }

  @Test("a day has its name")
  func weekday() {
    #expect(StampFormat.utc.longDate(1_795_208_862_318_000_000) == "Friday 20 Nov 2026")
    #expect(StampFormat.utc.longDate(0) == "Thursday 1 Jan 1970")
  }

  @Test("ticks stand at 1-2-5 steps")
  func ticks() {
    #expect(
      Ticks.linear(upTo: 1_843, count: 11) == [0, 200, 400, 600, 800, 1_000, 1_200, 1_400, 1_600, 1_800])
    #expect(Ticks.linear(upTo: 0, count: 5) == [0])
    #expect(Ticks.linear(upTo: .max, count: 5).count <= 6)
    #expect(Ticks.logarithmic(3...700, count: 9) == [5, 10, 20, 50, 100, 200, 500])
  }
}
