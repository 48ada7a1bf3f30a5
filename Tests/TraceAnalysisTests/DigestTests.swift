import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("The digest")
struct DigestTests {
  private func walk(_ drafts: [SpanDraft], readers: Int = 1) -> TraceWalk {
    TraceWalk(SpanStore.of(drafts, readers: readers), options: AssemblyOptions(), threads: 1)
  }

  /// Digests of parts of a set of traces, each trace in one of them.
  private func parts(_ drafts: [SpanDraft], _ count: UInt64) -> [Digest] {
    (0..<count).map { part in
      Digest(observing: walk(drafts.filter { $0.trace.low % count == part }), deepens: false)
    }
  }

  @Test(
    "traces dealt out in any way and merged in any order give equal bytes",
    arguments: 1...6 as ClosedRange<UInt64>)
  func merging(_ seed: UInt64) {
    let drafts = RandomTraces.drafts(seed: seed, traces: 60)
    let whole = Digest(observing: walk(drafts), deepens: false).encoded()
    let parts = parts(drafts, 3)
    #expect(Digest(merging: parts).encoded() == whole)
    #expect(Digest(merging: parts.reversed()).encoded() == whole)
    var left = parts[0]
    left.merge(parts[1])
    left.merge(parts[2])
    var right = parts[1]
    right.merge(parts[2])
    var joined = parts[0]
    joined.merge(right)
    #expect(left.encoded() == whole)
    #expect(joined.encoded() == whole)
    var withNothing = Digest()
    withNothing.merge(left)
    #expect(withNothing.encoded() == whole)
  }

  @Test("shuffled spans and several readers give equal bytes")
  func shuffled() {
    let drafts = RandomTraces.drafts(seed: 11, traces: 60)
    var random = SeededGenerator(seed: 12)
    let whole = Digest(observing: walk(drafts)).encoded()
    #expect(Digest(observing: walk(drafts, readers: 3)).encoded() == whole)
    #expect(Digest(observing: walk(drafts.shuffled(using: &random), readers: 2)).encoded() == whole)
  }

  @Test("read within memory it is the same where it fits, and refused where it does not")
  func readingWithinMemory() throws {
    let bytes = Digest(observing: walk(RandomTraces.drafts(seed: 22, traces: 80))).encoded()
    #expect(try Digest(decoding: bytes, most: 16 * bytes.count).encoded() == bytes)
    #expect(throws: DigestError.self) { try Digest(decoding: bytes, most: bytes.count / 8) }
    // Many names, and one row of many numbers: small in the file, large in memory.
    let names = "\"\"" + String(repeating: ",\"\"", count: 9_999)
    let row = "0" + String(repeating: ",0", count: 9_999)
    for rest in ["[\(names)],", "[\"\"],\"totals\":[\(row)],"] {
      let bytes = Array("{\"schemaVersion\":1,\"names\":\(rest)".utf8)
      let error = #expect(throws: DigestError.self) { try Digest(decoding: bytes, most: 300_000) }
      #expect(error?.message.contains("too many things") == true)
    }
  }

  @Test("read back it is the same, and says the same")
  func reading() throws {
    let digest = Digest(observing: walk(RandomTraces.drafts(seed: 21, traces: 80)))
    let bytes = digest.encoded()
    let again = try Digest(decoding: bytes)
    #expect(again.encoded() == bytes)
    #expect(String(describing: again.conclude()) == String(describing: digest.conclude()))
  }

  @Test("damaged files are refused or read, never more")
  func damage() {
    var random = SeededGenerator(seed: 31)
    let bytes = Digest(observing: walk(RandomTraces.drafts(seed: 32, traces: 6))).encoded()
    for _ in 0..<1_500 {
      var damaged = bytes
      for _ in 0...(random.next() % 3) {
        damaged[Int(random.next() % UInt64(damaged.count))] = UInt8(
          truncatingIfNeeded: random.next() % 96 + 32)
      }
      if random.next() % 4 == 0 { damaged.removeLast(Int(random.next() % UInt64(damaged.count))) }
      if let digest = try? Digest(decoding: damaged) {
        var merged = digest
        merged.merge(digest)
        _ = merged.conclude()
      }
    }
  }

  @Test("a digest of another version is refused with a sentence")
  func version() {
    let error = #expect(throws: DigestError.self) {
      try Digest(decoding: Array("{\"schemaVersion\":99,\"names\":[]}".utf8))
    }
    #expect(error?.message.contains("version 99") == true)
  }

  @Test(
    "profiles, operations and call paths each add up to the time of the requests",
    arguments: 1...4 as ClosedRange<UInt64>)
  func sums(_ seed: UInt64) {
    let conclusions = Digest(observing: walk(RandomTraces.drafts(seed: seed, traces: 80))).conclude()
    #expect(!conclusions.entryPoints.isEmpty)
    for entry in conclusions.entryPoints {
      let total = entry.latency.sum.rawValue
      #expect(entry.profileByService.reduce(0) { $0 + $1.total.rawValue } == total)
      #expect(entry.profileByOperation.reduce(0) { $0 + $1.total.rawValue } == total)
      #expect(entry.callPaths.reduce(0) { $0 + $1.own.rawValue } == total)
      #expect(entry.series.reduce(0) { $0 + $1.count } == entry.latency.count)
      #expect(entry.series.reduce(0) { $0 + $1.errors } == entry.errors)
      #expect(entry.latency.buckets.reduce(0) { $0 + $1.count } == entry.latency.count)
    }
    let requests = conclusions.entryPoints.reduce(0) { $0 + $1.latency.count }
    #expect(conclusions.timeline.points.reduce(0) { $0 + $1.count } == requests)
    #expect(conclusions.heatMap.counts.reduce(0, +) == requests)
    #expect(
      conclusions.entryPoints.reduce(0) { $0 + $1.latency.count + $1.incomplete } == conclusions.traceCount)
  }

  @Test("a long name is cut before a character, and what differs behind that is one thing")
  func longNames() {
    let beginning = String(repeating: "a", count: NameText.longest - 1)
    func name(_ text: String) -> String {
      var text = text
      return text.withUTF8 { NameText.of($0) }
    }
    #expect(name(beginning + "b") == beginning + "b")
    #expect(name(beginning + "é") == beginning + "…")
    let names = [beginning + "éx", beginning + "éy"]
    let services = Digest(observing: walk(RandomTraces.drafts(seed: 42, traces: 40, names: names))).conclude()
      .services
    #expect(services.map(\.name) == [beginning + "…"])
  }

  @Test("hostile names come out as they went in, long ones cut, and every order of texts is that of bytes")
  func hostile() throws {
    let drafts = RandomTraces.drafts(seed: 41, traces: 60, names: HostileStrings.all + ["é", "e\u{301}"])
    let digest = Digest(observing: walk(drafts))
    let bytes = digest.encoded()
    #expect(try Digest(decoding: bytes).encoded() == bytes)
    let conclusions = digest.conclude()
    let known = Set(
      (HostileStrings.all + ["é", "e\u{301}"]).map { text in
        var text = text
        return Array(text.withUTF8 { NameText.of($0) }.utf8)
      })
    for service in conclusions.services { #expect(known.contains(Array(service.name.utf8))) }
    for finding in conclusions.findings {
      #expect(!finding.title.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  @Test("nothing at all gives no findings and no crash")
  func nothing() throws {
    let conclusions = Digest().conclude()
    #expect(conclusions.findings.isEmpty)
    #expect(conclusions.suspects.isEmpty)
    #expect(conclusions.traceCount == 0)
    #expect(try Digest(decoding: Digest().encoded()).encoded() == Digest().encoded())
  }

  @Test("a service that is alone on the path is no finding")
  func alone() {
    var drafts: [SpanDraft] = []
    for number in 1...40 {
      var draft = SpanDraft(1, TraceBuilder.origin, TraceBuilder.origin + Int64(number) * 1_000_000)
      draft.trace = TraceID(high: 0, low: UInt64(number))
      draft.kind = .server
      drafts.append(draft)
    }
    let conclusions = Digest(observing: walk(drafts)).conclude()
    #expect(conclusions.findings.isEmpty)
    #expect(conclusions.suspects.isEmpty)
  }

  @Test("a chain of 50,000 levels and a fan of 50,000 children are observed")
  func extremes() {
    let origin = TraceBuilder.origin
    let chain = (1...50_000 as ClosedRange<UInt64>).map { number in
      SpanDraft(number, parent: number - 1, origin + Int64(number), origin + 200_000 - Int64(number)).with {
        $0.status = number > 10 ? .error : .unset
        $0.kind = number % 2 == 0 ? .server : .client
      }
    }
    let fan = (1...50_000 as ClosedRange<UInt64>).map { number in
      SpanDraft(number, parent: number == 1 ? 0 : 1, origin, origin + 1_000_000 + Int64(number)).with {
        $0.name = "operation \(number)"
      }
    }
    for drafts in [chain, fan] {
      let conclusions = Digest(observing: walk(drafts)).conclude()
      #expect(conclusions.traceCount == 1)
      #expect(conclusions.entryPoints.first?.profileByService.reduce(0) { $0 + $1.share } == 1)
    }
  }
}
