import Dispatch
import Synchronization
import TestSupport
import Testing
import TraceModel

@testable import SpanArchive

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Lines read by several threads")
struct SharedLinesTests {
  /// One line with some spans; what is odd about it, if anything, by its number.
  private static func line(_ number: Int, _ oddity: Int, _ random: inout SeededGenerator) -> String {
    let spans = (0...Int(random.next() % 4)).map { place in
      let end = oddity == 1 && place == 1 ? "" : ",\"endTimeUnixNano\":\"1700000000000000900\""
      let id =
        oddity == 2 && place == 0
        ? "" : "\"spanId\":\"\(String(1_000_000 + number * 8 + place, radix: 16))0000000000\","
      return """
        {"traceId":"5b8efff798038103d269b633813fc6\(10 + number % 80)",\(id)"name":"operation \(random.next() % 9)",\
        "kind":2,"startTimeUnixNano":"1700000000000000\(100 + number % 800)"\(end),\
        "attributes":[{"key":"k\(random.next() % 3)","value":{"stringValue":"v\(random.next() % 50)"}}]}
        """
    }
    let document = """
      {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s\(number % 5)"}}]},\
      "scopeSpans":[{"scope":{"name":"scope"},"spans":[\(spans.joined(separator: ","))]}]}]}
      """
    switch oddity {
    case 3: return document + document
    case 4: return String(document.dropLast(20))
    case 5: return document.replacing(",\"scopeSpans\"", with: "\n,\"scopeSpans\"")
    case 6: return "\n \r\n" + document + " \r"
    case 7: return "{\"resourceMetrics\":[]}"
    case 8: return "nonsense"
    case 9: return "[" + document + "]"
    case 10: return document.replacing("operation", with: "\u{0}\u{1F}opération")
    default: return document
    }
  }

  private static func archive(seed: UInt64, oddities: Int) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    var text = ""
    for number in 0..<400 {
      let isOdd = oddities > 0 && random.next() % UInt64(oddities) == 0
      text += line(number, isOdd ? 1 + Int(random.next() % 10) : 0, &random) + "\n"
    }
    // Without a newline at the end, and with broken UTF-8 where a name was.
    var bytes = Array(text.utf8.dropLast())
    if oddities > 0 { bytes[bytes.count / 2] = 0xff }
    return bytes
  }

  /// All that a reader of the store can see, in the order of the archive.
  private static func contents(_ store: SpanStore) -> [String] {
    var lines: [String] = []
    for shard in store.shards {
      for span in shard.table.spans.elements {
        let attributes = store.attributes(of: span).map {
          "\(store.symbols.text($0.key))=\(store.value(of: $0, table: span.table))"
        }
        let offset = String(span.archiveOffset)
        lines.append(
          """
          \(String(repeating: "0", count: 9 - offset.count))\(offset) \(span.traceID) \(span.spanID) \
          \(store.symbols.text(span.name)) \(store.symbols.text(store.service(of: span))) \(span.start.rawValue) \
          \(span.end.rawValue) \(span.byteCount) \(attributes)
          """)
      }
    }
    return lines.sorted()
  }

  private static func accounting(_ summary: ArchiveSummary) -> String {
    let diagnostics = summary.diagnostics.codes.map { "\($0): \(summary.diagnostics[$0])" }
    return """
      \(summary.format) \(summary.spansRead) \(summary.spansQuarantined) \(summary.inflatedBytes) \
      \(summary.error ?? "") \(diagnostics)
      """
  }

  /// A helper that waits from the beginning, so that lines are shared for sure.
  private static func readShared(_ bytes: [UInt8], _ limits: ReadingLimits) -> (store: SpanStore, helped: Int)
  {
    let sharing = LineSharing(archives: 1)
    let shard = Mutex<SpanStore.Shard?>(nil)
    let done = DispatchSemaphore(value: 0)
    // A queue of its own has a thread even while all those of the pool are waiting here.
    DispatchQueue(label: "helper").async {
      var sink = SpanSink(table: SpanTable(number: 1))
      sharing.help { $0.read(into: &sink) }
      let helper = SpanStore.Shard(sink.intoTable())
      shard.withLock { $0 = helper }
      done.signal()
    }
    while sharing.idleHelpers == 0 { sched_yield() }
    var sink = SpanSink(table: SpanTable(number: 0))
    sink.begin(0, path: "archive")
    ArchiveReader(limits: limits, sharing: sharing).read(.bytes(bytes, path: "archive"), into: &sink)
    sharing.finishArchive()
    done.wait()
    let summary = sink.summary
    let tables = [SpanStore.Shard(sink.intoTable())] + shard.withLock { $0.map { [$0] } ?? [] }
    let helped = tables.count > 1 ? tables[1].table.spans.count : 0
    return (SpanStore(joining: tables, archives: [summary]), helped)
  }

  @Test(
    "are what one thread reads of them, with the same accounting", arguments: 1...30 as ClosedRange<UInt64>)
  func sameAsAlone(seed: UInt64) throws {
    // From plain archives to those in which every third line is odd.
    let bytes = Self.archive(seed: seed, oddities: [0, 100, 20, 3][Int(seed % 4)])
    var limits = ReadingLimits()
    limits.windowBytes = 1 << (11 + Int(seed % 5))
    let alone = ArchiveSet(inputs: [.bytes(bytes, path: "archive")], limits: limits).read(threads: 1)
    let (shared, helped) = Self.readShared(bytes, limits)
    #expect(Self.contents(shared) == Self.contents(alone))
    #expect(Self.accounting(shared.archives[0]) == Self.accounting(alone.archives[0]))
    if seed % 4 == 0, limits.windowBytes >= 1 << 13 { #expect(helped > 0) }
  }

  @Test("of one archive are read with any number of threads")
  func anyThreads() {
    let bytes = Self.archive(seed: 77, oddities: 0)
    // Large enough to be worth helpers: some megabytes.
    let repeated = Array(repeatElement(bytes + [0x0a], count: 12).joined())
    let alone = ArchiveSet(inputs: [.bytes(repeated, path: "archive")]).read(threads: 1)
    for threads in [2, 3, 8] {
      let store = ArchiveSet(inputs: [.bytes(repeated, path: "archive")]).read(threads: threads)
      #expect(Self.contents(store) == Self.contents(alone))
      #expect(Self.accounting(store.archives[0]) == Self.accounting(alone.archives[0]))
    }
  }
}
