import Testing
import TraceModel

@testable import TraceAnalysis

/// Since when, and until when, requests were slow.
@Suite("Slow stretches")
struct SlowStretchTests {
  /// One step a minute from 21:00:00: `x` slow, `.` fast, ` ` without requests.
  private func stretch(_ picture: String) -> SlowStretch? {
    SlowStretch(series(picture), above: .milliseconds(100), windowEnd: moment(picture.count))
  }

  private func series(_ picture: String) -> [SeriesPoint] {
    picture.enumerated().map { place, mark in
      var point = SeriesPoint()
      point.start = moment(place)
      point.count = mark == " " ? 0 : 5
      point.p95 = mark == "x" ? .milliseconds(400) : mark == " " ? .zero : .milliseconds(100)
      return point
    }
  }

  private func moment(_ minute: Int) -> UnixNanoseconds {
    UnixNanoseconds(1_795_208_400_000_000_000 + Int64(minute) * 60_000_000_000)
  }

  private func words(_ picture: String) -> String? {
    var window = TimeWindow()
    window.start = moment(0)
    window.end = moment(picture.count)
    return stretch(picture)?.words(window, .utc)
  }

  @Test("are told from begin to end, quiet steps within included and single slow ones outside not")
  func incident() {
    #expect(words("...x....xxx.xx xxx....") == "from 21:08:00 to 21:18:00 UTC")
    #expect(words("......xxxxx") == "from 21:06:00 to 21:11:00 UTC")
  }

  @Test("that fill the window are told so")
  func whole() {
    #expect(words("xxxxxx") == "all the time")
    #expect(words(" xx.xxx ") == "all the time")
  }

  @Test("are not made of a few steps by chance")
  func chance() {
    #expect(stretch("..x...xx...x..") == nil)
    #expect(stretch("") == nil && stretch("   ") == nil)
  }
}
