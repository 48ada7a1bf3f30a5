import TestSupport
import Testing
import TraceModel

@testable import SpanArchive

@Suite("Logs")
struct LogTests {
  private static let id = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736)
  private static let hex = "4bf92f3577b34da6a3ce929d0e0e4736"

  private func read(
    _ texts: [String], wanted: [TraceID] = [id], known: Set<TraceID> = [], threads: Int = 1
  ) -> CorrelatedLogs {
    let inputs = texts.enumerated().map { ArchiveInput.bytes(Array($1.utf8), path: "log-\($0)") }
    return LogArchiveSet(inputs: inputs).read(
      threads: threads, targets: LogTargets(wanted) { known.contains($0) })
  }

  private func only(_ text: String) -> LogRecord? { read([text])[Self.id].records.first }

  @Test(
    "trace ids are read in the forms that loggers write",
    arguments: [
      (hex, hex), (hex.uppercased(), hex), ("00-\(hex)-00f067aa0ba902b7-01", hex),
      ("projects/p/traces/\(hex)", hex), ("1-4bf92f35-77b34da6a3ce929d0e0e4736", hex),
      ("Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=1;Sampled=1", hex),
      ("11803532876627986230", "0000000000000000a3ce929d0e0e4736"),
      ("a3ce929d0e0e4736", "0000000000000000a3ce929d0e0e4736"), ("", ""), ("0", ""), ("not an id", ""),
      ("00-\(hex)-zz-01", ""), (String(repeating: "f", count: 33), ""),
    ])
  func forms(text: String, expected: String) {
    #expect(ForeignTraceID(text)?.traceID.description ?? "" == expected)
  }

  @Test("span ids come along with a traceparent, behind X-Ray's @, and as Datadog's decimals")
  func spanIDs() {
    #expect(ForeignTraceID("00-\(Self.hex)-00f067aa0ba902b7-01")?.spanID == SpanID(0x00f0_67aa_0ba9_02b7))
    #expect(
      ForeignTraceID("1-4bf92f35-77b34da6a3ce929d0e0e4736@00f067aa0ba902b7")?.spanID
        == SpanID(0x00f0_67aa_0ba9_02b7))
    #expect(ForeignTraceID.spanID("67667974448284343".utf8) == SpanID(67_667_974_448_284_343))
    #expect(ForeignTraceID.spanID("00f067aa0ba902b7".utf8) == SpanID(0x00f0_67aa_0ba9_02b7))
    #expect(ForeignTraceID.spanID("nothing".utf8) == nil)
  }

  @Test("OTLP logs: service, severity, body, attributes; the resource may stand last")
  func otlp() throws {
    let record = try #require(
      only(
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"17","severityNumber":17,
        "body":{"stringValue":"it \\"broke\\""},"traceId":"\(Self.hex)","spanId":"00f067aa0ba902b7",
        "attributes":[{"key":"exception.type","value":{"stringValue":"Timeout"}},{"key":"n","value":{"intValue":"3"}}]}]}],
        "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"pay"}}]}}]}
        """))
    #expect(record.service == "pay")
    #expect(record.severity.name == "ERROR")
    #expect(record.message == "it \"broke\"")
    #expect(record.time == UnixNanoseconds(17))
    #expect(record.spanID == SpanID(0x00f0_67aa_0ba9_02b7))
    #expect(record.fields.map { "\($0.key)=\($0.value)" } == ["exception.type=Timeout", "n=3"])
  }

  @Test(
    "flat records of many loggers",
    arguments: [
      #"{"@timestamp":"2023-11-14T22:13:20.5Z","log.level":"error","message":"m","trace.id":"§I","span.id":"§S","service.name":"s"}"#,
      #"{"@timestamp":"2023-11-14T22:13:20.5Z","log":{"level":"error"},"message":"m","trace":{"id":"§I"},"span":{"id":"§S"},"service":{"name":"s"}}"#,
      #"{"timestamp":1700000000500,"status":"x","level":"ERROR","msg":"m","trace_id":"§I","span_id":"§S","service":"s"}"#,
      #"{"ts":1700000000.5,"level":"err","msg":"m","traceId":"§I","spanId":"§S","serviceName":"s"}"#,
      #"{"time":"2023-11-14T22:13:20.500Z","level":50,"msg":"m","mdc":{"traceId":"§I","spanId":"§S"},"app":"s"}"#,
      #"{"@t":"2023-11-14T22:13:20.5Z","@l":"Error","@m":"m","@tr":"§I","@sp":"§S","service":"s"}"#,
      #"{"severity":"ERROR","time":"2023-11-14T22:13:20.5Z","message":"m","logging.googleapis.com/trace":"projects/p/traces/§I","logging.googleapis.com/spanId":"§S","service":"s"}"#,
      #"{"asctime":"2023-11-14 22:13:20,500","levelname":"ERROR","message":"m","otelTraceID":"§I","otelSpanID":"§S","otelServiceName":"s"}"#,
      #"{"level":"error","ts":1700000000500000000,"msg":"m","traceparent":"00-§I-§S-01","service":"s"}"#,
    ])
  func flat(line: String) throws {
    let text = line.replacing("§I", with: Self.hex).replacing("§S", with: "00f067aa0ba902b7")
    let record = try #require(only(text), "\(text)")
    #expect(record.spanID == SpanID(0x00f0_67aa_0ba9_02b7))
    #expect(record.time == UnixNanoseconds(1_700_000_000_500_000_000))
    #expect(record.severity.isError)
    #expect(record.message == "m")
    #expect(record.service == "s")
  }

  @Test("Datadog's decimal ids join by the low half")
  func datadog() {
    let logs = read([
      #"{"message":"m","dd":{"trace_id":"11803532876627986230","span_id":"67667974448284343","service":"s"}}"#
    ])
    #expect(logs.counts.joined == 1)
    let record = logs[Self.id].records.first
    #expect(record?.spanID == SpanID(67_667_974_448_284_343))
    #expect(record?.service == "s")
  }

  @Test("every record is counted in one kind")
  func counts() {
    let other = TraceID(high: 1, low: 2)
    let twins = [TraceID(high: 5, low: 9), TraceID(high: 6, low: 9)]
    let lines = [
      #"{"trace_id":"\#(Self.hex)","span_id":"1"}"#, #"{"trace_id":"\#(Self.hex)"}"#,
      #"{"trace_id":"\#(other)"}"#, #"{"trace_id":"77"}"#, #"{"trace_id":"9"}"#, #"{"message":"m"}"#,
    ]
    let counts = read([lines.joined(separator: "\n")], wanted: [Self.id] + twins, known: [other]).counts
    #expect(counts.joined == 2)
    #expect(counts.joinedWithoutSpan == 1)
    #expect(counts.otherTraces == 1)
    #expect(counts.unknownTraces == 1)
    #expect(counts.ambiguous == 1)
    #expect(counts.withoutTrace == 1)
    #expect(counts.all == 6)
  }

  @Test("arrays, pretty printing, gzip and damage between records")
  func layouts() {
    let record = #"{"trace_id":"\#(Self.hex)","message":"m"}"#
    #expect(read(["[\(record),\n \(record)]"]).counts.joined == 2)
    #expect(read([record.replacing(",", with: ",\n  ")]).counts.joined == 1)
    let damaged = read(["\(record)\nplain text\n{\"cut\": \n\(record)\n{ nonsense }\n\(record)"])
    #expect(damaged.counts.joined == 3)
    #expect(damaged.archives[0].error != nil)
    let packed = Gzip.compress(Array((record + "\n").utf8))
    let read = LogArchiveSet(inputs: [.bytes(packed, path: "a"), .bytes(Array(packed.prefix(30)), path: "b")])
      .read(threads: 1, targets: LogTargets([Self.id]) { _ in false })
    #expect(read.counts.joined >= 1)
    #expect(read.archives.map { $0.error == nil } == [true, false])
  }

  @Test("what is kept is bounded, errors first, and does not depend on threads or order")
  func bounded() {
    let lines = (0..<3_000).map { number in
      #"{"trace_id":"\#(Self.hex)","ts":\#(1_700_000_000 + number * 7 % 3_000),"level":"\#(number % 100 == 0 ? "error" : "info")","msg":"\#(number)"}"#
    }
    let texts = (0..<4).map { part in
      lines.enumerated().filter { $0.offset % 4 == part }.map(\.element).joined(separator: "\n")
    }
    let one = read(texts)[Self.id]
    #expect(one.count == 3_000)
    #expect(one.records.count == TraceLogs.mostRecords)
    #expect(one.records.filter(\.severity.isError).count == 30)
    #expect(read(texts, threads: 4)[Self.id].records == one.records)
    let long = String(repeating: "x", count: 3_900)
    let large = (0..<900).map { #"{"trace_id":"\#(Self.hex)","ts":\#($0 + 1),"msg":"\#(long)"}"# }
    let kept = read([large.joined(separator: "\n")])[Self.id].records
    #expect(kept.reduce(0) { $0 + $1.byteCount } <= TraceLogs.mostBytes)
    #expect(!kept.isEmpty)
  }

  @Test("any bytes are read without a trap")
  func hostile() {
    let record = Array(
      #"[{"trace_id":"\#(Self.hex)","level":{"a":[1,"x"]},"mdc":{"k":null},"ts":1e999}]"#.utf8)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<3_000 {
      var bytes = record
      for _ in 0..<3 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() & 0xff) }
      if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      let logs = LogArchiveSet(inputs: [.bytes(bytes, path: "a")])
        .read(threads: 1, targets: LogTargets([Self.id]) { _ in false })
      #expect(logs.counts.all <= 3)
    }
  }
}
