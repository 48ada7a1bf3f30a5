import TestSupport
import Testing
import TraceModel

@Suite("Times and self times")
struct TimeTests {
  @Test("a span without a start takes its parent's, a root the earliest below it")
  func missingStarts() {
    let trace = TraceBuilder(
      """
      root
       a       |===|
        b
       c     |==|
      """
    ).assemble()
    // c begins first of all, so the root begins with it, and b with a.
    #expect(trace.bars == ["root -2--2", "c -2-1", "a 0-4", "b 0-0"])
    #expect(trace.warnings.contains("missing-start root"))
    #expect(trace.warnings.contains("missing-duration b"))
  }

  @Test("a trace without any time is kept, with length 0")
  func noTimes() {
    let trace = TraceBuilder(
      """
      root
       child
      """
    ).assemble()
    #expect(trace.tree == ["root", " child"])
    #expect(trace.trace.duration == .zero)
    #expect(trace.sections == [])
  }

  @Test("a known duration without a start ends that much after the assumed start")
  func durationOnly() {
    var drafts = TraceBuilder(
      """
      root  |=====|
       a
      """
    ).drafts
    drafts[1].traits = .durationOnly
    drafts[1].end = 2 * TraceBuilder.column
    #expect(AssembledTrace(SpanStore.of(drafts)).bars == ["root 0-6", "a 0-2"])
    drafts[1].end = .max
    let overflow = AssembledTrace(SpanStore.of(drafts))
    #expect(overflow.bars == ["root 0-6", "a 0-0"])
    #expect(overflow.warnings == ["missing-start a", "negative-duration a"])
  }

  @Test("an end before the start is the start")
  func negative() {
    var drafts = TraceBuilder("root  |=====|").drafts
    drafts[0].end = drafts[0].start - 5
    let trace = AssembledTrace(SpanStore.of(drafts))
    #expect(trace.bars == ["root 0-0"])
    #expect(trace.warnings == ["negative-duration root"])
  }

  @Test("years before 2000 and after 2100 are left as they are, and told of")
  func implausible() {
    for (start, text) in [
      (Int64(86_400_000_000_000), "1970-01-02T00:00:00Z"),
      (7_258_118_400_000_000_000, "2200-01-01T00:00:00Z"),
    ] {
      let trace = AssembledTrace(SpanStore.of([SpanDraft(1, start, start + 1)]))
      #expect(trace.trace.start.rawValue == start)
      #expect(trace.trace.warnings.map(\.message) == ["start \(text) is outside any plausible range"])
    }
  }

  @Test("overlapping children count once, and are clipped to the span")
  func selfTime() {
    let trace = TraceBuilder(
      """
      span   |==========|
       a      |===|
       b        |====|
       c               |===|
      """
    ).assemble()
    // a and b cover 1-8, c covers 10-11.
    #expect(trace.selfTimes == ["span 3", "a 4", "b 5", "c 4"])
  }

  @Test("rounding to a microsecond at either end is not told of")
  func rounding() {
    let start = TraceBuilder.origin
    let drafts = [
      SpanDraft(1, start, start + 100_000), SpanDraft(2, parent: 1, start - 2_000, start + 102_000),
    ]
    #expect(AssembledTrace(SpanStore.of(drafts)).warnings == [])
  }
}
