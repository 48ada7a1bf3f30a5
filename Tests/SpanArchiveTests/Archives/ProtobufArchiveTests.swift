import SpanArchive
import TestSupport
import Testing
import TraceModel

/// How protobuf messages lie in an archive must not matter.
@Suite struct ProtobufArchiveTests {
  static let requests: [[UInt8]] = (1...5).map { number in
    ProtobufText.request((1...4).map { ProtobufText.span(UInt64(number * 10 + $0)) })
  }
  private static let whole = Reading(requests.flatMap(\.self))

  private static let layouts: [(name: String, bytes: [UInt8])] = [
    ("joined", requests.flatMap(\.self)), ("framed", requests.flatMap { ProtobufText.lengthPrefixed($0) }),
    ("framed, empty frames between", requests.flatMap { [0, 0, 0, 0] + ProtobufText.lengthPrefixed($0) }),
    ("delimited", requests.flatMap { ProtobufText.varint(UInt64($0.count)) + $0 }),
    ("gzip", Gzip.compress(requests.flatMap(\.self), members: 3)),
    ("zstd", Zstd.compress(requests.flatMap(\.self))),
    ("framed zstd", requests.flatMap { Zstd.framed($0) }),
  ]

  @Test("every layout gives the same spans", arguments: layouts)
  func layout(_ name: String, _ bytes: [UInt8]) {
    #expect(Self.whole.summary.spansRead == 20)
    for limits in [ReadingLimits(), FramingTests.smallest] {
      let reading = Reading(bytes, limits: limits)
      #expect(reading.summary.error == nil, "\(name)")
      #expect(reading.summary.format == "otlp-proto")
      #expect(reading.lines == Self.whole.lines)
    }
  }

  @Test("a cut anywhere keeps whole frames, and without frames every span before the cut")
  func cuts() {
    for (name, bytes) in Self.layouts.prefix(4) {
      let isBare = name == "joined"
      for count in stride(from: 8, to: bytes.count, by: 3) {
        let summary = Reading.summary(Array(bytes[..<count]))
        let (wanted, isWhole) = Self.kept(bytes, count, name)
        #expect(summary.spansRead == wanted, "\(name) cut at \(count)")
        if !isBare { #expect((summary.error == nil) == isWhole, "\(name) cut at \(count)") }
      }
    }
  }

  /// The spans before a cut, and whether the cut lies between frames.
  private static func kept(_ bytes: [UInt8], _ count: Int, _ name: String) -> (Int, Bool) {
    if name == "joined" { return (spanEnds.count { $0 <= count }, false) }
    let frame = bytes.count / requests.count
    // An empty frame alone is whole.
    let isWhole = count % frame == 0 || name.contains("empty") && count % frame == 4
    return (count / frame * 4, isWhole)
  }

  /// Where spans end in the joined requests: where the next one begins, the last one at the end of its request.
  private static let spanEnds: [Int] = {
    var ends: [Int] = []
    var start = 0
    let sign: [UInt8] = [0x0a, 0x10] + ProtobufText.bigEndian(7)
    for request in requests {
      let begins = request.indices.filter { request[$0...].starts(with: sign) }
      ends += begins.dropFirst().map { start + $0 - 2 } + [start + request.count]
      start += request.count
    }
    return ends
  }()

  @Test("a damaged frame costs itself and nothing else")
  func damagedFrame() {
    var frames = Self.requests.map { ProtobufText.lengthPrefixed($0) }
    frames[2][12] = 0xff
    let reading = Reading(frames.flatMap(\.self))
    #expect(reading.summary.error != nil)
    #expect(reading.summary.spansRead == 16)
  }

  @Test("unknown fields and fields in any order do no harm")
  func unknownFields() throws {
    let event = ProtobufText.field(
      11,
      ProtobufText.fixed64(1, 5) + ProtobufText.field(2, "boom")
        + ProtobufText.field(3, ProtobufText.field(1, "k") + ProtobufText.field(2, ProtobufText.field(3, 9))))
    let late = ProtobufText.field(
      9, ProtobufText.field(2, ProtobufText.field(2, 1)) + ProtobufText.field(1, "late"))
    let odd = ProtobufText.field(99, "future") + ProtobufText.field(100, 7)
    let bytes = ProtobufText.request([ProtobufText.span(1, extra: odd + event + late)])
    let reading = Reading(bytes)
    #expect(reading.summary.error == nil)
    let span = try #require(try reading.spans().first)
    #expect(span.attribute("key 1") == ["string", "value 1"])
    #expect(span.attribute("late") == ["bool", true])
    #expect(span.span["events"][0]["name"] == "boom")
    #expect(ArchivedSpan.value(span.span["events"][0]["attributes"][0]["value"]) == ["int", "9"])
  }

  @Test("values of every type come out, nested ones too")
  func values() throws {
    let list = ProtobufText.field(
      5,
      ProtobufText.field(1, ProtobufText.field(1, "x"))
        + ProtobufText.field(1, []) + ProtobufText.field(1, ProtobufText.field(3, UInt64(bitPattern: -5))))
    let map = ProtobufText.field(
      6, ProtobufText.field(1, ProtobufText.field(1, "n") + ProtobufText.field(2, list)))
    let pairs: [(String, [UInt8])] = [
      ("list", list), ("map", map), ("bytes", ProtobufText.field(7, [0, 1, 2, 255])), ("empty", []),
      ("double", ProtobufText.fixed64(4, (-0.1).bitPattern)), ("text", ProtobufText.field(1, "žluť 🚀")),
    ]
    let extra = pairs.flatMap {
      ProtobufText.field(9, ProtobufText.field(1, $0.0) + ProtobufText.field(2, $0.1))
    }
    let span = try #require(
      try Reading(ProtobufText.request([ProtobufText.span(1, extra: extra)])).spans().first)
    #expect(span.attribute("list") == ["array", [["string", "x"], .null, ["int", "-5"]]])
    #expect(
      span.attribute("map") == ["kvlist", [["n", ["array", [["string", "x"], .null, ["int", "-5"]]]]]])
    #expect(span.attribute("bytes") == ["bytes", "000102ff"])
    #expect(span.attribute("empty") == .null)
    #expect(span.attribute("double") == ["double", .number(-0.1)])
    #expect(span.attribute("text") == ["string", "žluť 🚀"])
  }

  @Test("a first element without a resource that is larger than the window is recognised")
  func largeFirstElement() {
    let span = ProtobufText.span(1, attributes: 80)
    let request = ProtobufText.field(1, ProtobufText.field(2, ProtobufText.field(2, span)))
    let summary = Reading.summary(request + request, limits: FramingTests.smallest)
    #expect(summary.error == nil)
    #expect(summary.format == "otlp-proto")
    #expect(summary.spansRead == 2)
  }

  @Test("lists nested too deeply are refused without harm to what comes before")
  func deep() {
    var value = ProtobufText.field(1, "x")
    for _ in 0..<5_000 { value = ProtobufText.field(5, ProtobufText.field(1, value)) }
    let extra = ProtobufText.field(9, ProtobufText.field(1, "deep") + ProtobufText.field(2, value))
    let reading = Reading(Self.requests[0] + ProtobufText.request([ProtobufText.span(1, extra: extra)]))
    #expect(reading.summary.diagnostics[.recordTooLarge].count == 1)
    #expect(reading.summary.spansRead == 4)
  }

  @Test("ids of other lengths are quarantined, broken UTF-8 is repaired")
  func lenience() {
    let short =
      ProtobufText.field(1, [1, 2, 3]) + ProtobufText.field(2, ProtobufText.bigEndian(1))
      + ProtobufText.fixed64(7, 1)
    let none = ProtobufText.field(2, ProtobufText.bigEndian(2)) + ProtobufText.fixed64(7, 1)
    let broken = ProtobufText.span(3, extra: ProtobufText.field(5, [0x61, 0xff, 0x62]))
    let reading = Reading(ProtobufText.request([short, none, broken]))
    #expect(reading.summary.error == nil)
    #expect(reading.summary.spansRead == 3 && reading.summary.spansQuarantined == 2)
    #expect(reading.summary.diagnostics[.invalidID].count == 1)
    #expect(reading.summary.diagnostics[.missingTraceID].count == 1)
    #expect(reading.summary.diagnostics[.badEncoding].count == 1)
    #expect(reading.lines.first?.contains("a\u{fffd}b") == true)
  }

  @Test("requests of metrics and logs are other signals")
  func otherSignals() {
    let metric =
      ProtobufText.field(1, "requests") + ProtobufText.field(2, "a count") + ProtobufText.field(5, [])
    let log = ProtobufText.fixed64(1, 5) + ProtobufText.field(2, 9)
    for record in [metric, log] {
      let reading = Reading(
        ProtobufText.lengthPrefixed(Self.requests[0])
          + ProtobufText.lengthPrefixed(ProtobufText.request([record])))
      #expect(reading.summary.error == nil)
      #expect(reading.summary.spansRead == 4)
      #expect(reading.summary.diagnostics[.otherSignal].count == 1)
    }
  }

  @Test("a message whose length looks like a bracket is not taken for text")
  func brackets() {
    for attributes in 0..<40 {
      for padding in 0..<6 {
        let name = ProtobufText.field(5, String(repeating: "n", count: padding))
        let bytes = ProtobufText.request([ProtobufText.span(1, attributes: attributes, extra: name)])
        for layout in [
          bytes, ProtobufText.lengthPrefixed(bytes), ProtobufText.varint(UInt64(bytes.count)) + bytes,
        ] {
          #expect(Reading.summary(layout).spansRead == 1, "\(attributes) \(padding)")
        }
      }
    }
  }
}
