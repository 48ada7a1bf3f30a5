import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// What holds of a comparison whatever is compared.
@Suite("Comparing any two sets")
struct ComparisonPropertyTests {
  private func compare(_ baseline: Digest, _ current: Digest) -> Conclusions {
    var options = ConclusionOptions()
    options.baseline = baseline
    return current.conclude(options)
  }

  /// All that was concluded about changes, as text.
  private func told(_ conclusions: Conclusions) -> String {
    let findings = conclusions.findings.filter(\.isChange)
    return "\(String(describing: conclusions.comparison)) \(findings) \(conclusions.suspects)"
  }

  @Test("a set against itself gives no finding and no suspect", arguments: [1, 2] as [UInt64])
  func itself(_ seed: UInt64) throws {
    for drafts in [RandomTraces.drafts(seed: seed, traces: 150), MadeNight(system: seed).drafts()] {
      let digest = MadeNight.digest(drafts)
      let conclusions = compare(digest, digest)
      #expect(!conclusions.findings.contains { $0.isChange })
      #expect(conclusions.suspects.isEmpty)
      let comparison = try #require(conclusions.comparison)
      #expect(comparison.calls.isEmpty && comparison.links.isEmpty && comparison.errors.isEmpty)
      #expect(comparison.services.allSatisfy { !$0.isSignificant && !$0.isStalling && $0.errorZ == 0 })
      #expect(Set(conclusions.errorGroups.map(\.id)).count == conclusions.errorGroups.count)
    }
  }

  @Test(
    "parts merged in any order, by one thread or three, give the same comparison",
    arguments: [5, 6] as [UInt64])
  func anyOrder(_ seed: UInt64) {
    let baseline = MadeNight.digest(RandomTraces.drafts(seed: seed + 100, traces: 100))
    let drafts = RandomTraces.drafts(seed: seed, traces: 150)
    let parts = (0..<3).map { part in MadeNight.digest(drafts.filter { Int($0.trace.low % 3) == part }) }
    let whole = told(compare(baseline, MadeNight.digest(drafts, threads: 3)))
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
      #expect(told(compare(baseline, Digest(merging: order.map { parts[$0] }))) == whole)
    }
    let nested = Digest(merging: [parts[2], Digest(merging: [parts[1], parts[0]])])
    #expect(told(compare(baseline, nested)) == whole)
  }

  @Test(
    "halves of one night without a fault give no finding of high severity",
    arguments: Array(1...8) as [UInt64])
  func halves(_ seed: UInt64) {
    let drafts = MadeNight(requests: 300, system: seed, seed: seed).drafts()
    let halves = (0..<2).map { half in
      MadeNight.digest(
        drafts.filter { $0.trace.low.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15).low >> 63 == half })
    }
    let conclusions = compare(halves[0], halves[1])
    let loud = conclusions.findings.filter { $0.isChange && $0.severity <= .medium }
    #expect(loud.isEmpty, "\(loud.map(\.title))")
  }

  @Test(
    "the service that was made slow is the first suspect, whichever it is",
    arguments: Array(1...3) as [UInt64])
  func injected(_ system: UInt64) {
    let baseline = MadeNight.digest(MadeNight(requests: 120, system: system, seed: 90).drafts())
    for service in 0..<MadeNight.services {
      let faults: [MadeNight.Fault] =
        service == 0 ? [.slowWork(service)] : [.slowWork(service), .slowWay(service)]
      for fault in faults {
        let night = MadeNight(fault: fault, requests: 120, system: system, seed: 91)
        let conclusions = compare(baseline, MadeNight.digest(night.drafts()))
        #expect(
          conclusions.suspects.first?.service == MadeNight.name(service), "\(fault) in system \(system)")
        #expect(
          conclusions.findings.contains {
            $0.kind == "latency-regression" && $0.service == MadeNight.name(service)
          })
      }
    }
  }

  @Test("a fault that is gone makes nobody a suspect, and is told as an improvement")
  func mended() {
    let broken = MadeNight.digest(MadeNight(fault: .slowWork(3), seed: 91).drafts())
    let conclusions = compare(broken, MadeNight.digest(MadeNight(seed: 90).drafts()))
    #expect(!conclusions.suspects.contains { $0.score > 0.5 })
    #expect(!conclusions.findings.contains { $0.isChange && $0.severity != .info })
    #expect(conclusions.findings.contains { $0.kind == "latency-improvement" })
  }

  @Test("digests with any figures are refused or compared, never more")
  func hostile() {
    let sound = MadeNight.digest(RandomTraces.drafts(seed: 3, traces: 12))
    let bytes = sound.encoded()
    // Behind the names, where the figures are.
    let start = bytes.firstIndex(of: UInt8(ascii: "]")) ?? 0
    let extremes = [
      "0", "-1", "9223372036854775807", "-9223372036854775808", "\(UInt128.max)", "1099511627776",
    ]
    var random = SeededGenerator(seed: 4)
    var compared = 0
    for _ in 0..<400 {
      var damaged = bytes
      for _ in 0..<Int(random.next() % 6 + 1) {
        let from = start + Int(random.next() % UInt64(damaged.count - start))
        let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
        guard let first = damaged[from...].firstIndex(where: isDigit) else { continue }
        let end = damaged[first...].firstIndex { !isDigit($0) } ?? damaged.count
        damaged.replaceSubrange(first..<end, with: extremes[Int(random.next() % 6)].utf8)
      }
      guard let digest = try? Digest(decoding: damaged) else { continue }
      compared += 1
      _ = compare(sound, digest)
      _ = compare(digest, sound)
    }
    #expect(compared > 50)
  }

  @Test("rank sums by buckets agree with those of the lengths themselves")
  func rankSum() {
    var random = SeededGenerator(seed: 12)
    var (left, right) = (DurationSketch(), DurationSketch())
    var (lefts, rights): ([Int64], [Int64]) = ([], [])
    for _ in 0..<150 {
      let one = Int64(random.next() % 40_000_000) + 1_000_000
      let other = Int64(random.next() % 40_000_000) + 4_000_000
      left.add(one)
      right.add(other)
      lefts.append(one)
      rights.append(other)
    }
    var wins = 0.0
    for a in lefts { for b in rights { wins += b > a ? 1 : b == a ? 0.5 : 0 } }
    let exact = (wins - 150 * 150 / 2) / (150.0 * 150 * 301 / 12).squareRoot()
    let shift = DurationShift(left.summary, right.summary)
    #expect(abs(shift.z - exact) < 0.2)
    #expect(DurationShift(left.summary, left.summary).z == 0)
    #expect(DurationShift(right.summary, left.summary).z == -shift.z)
    #expect(DurationShift(left.summary, DurationSummary()).z == 0)
  }
}
