import TraceModel

/// The form of `night.json`: names once, then rows of whole numbers, as digests are written.
///
///     {"format":"tracebook-night","schemaVersion":1,"night":"2026-11-21","names":["",…],"totals":[…],
///      "services":[[name,requests,errors,p50,p95,p99],…],"findings":[…],"traces":[…],"shards":[…],
///      "unsearched":[…],"files":[…]}
extension NightSummary {
  /// How the file of a night begins that is named so.
  private static func beginning(_ date: NightDate) -> String {
    "{\"format\":\"tracebook-night\",\"schemaVersion\":\(schemaVersion),\"night\":\"\(date)\""
  }

  private static let severities = FindingSeverity.allCases

  /// The bytes of the file; equal summaries give equal bytes.
  package func encoded() -> [UInt8] {
    var names = NightNames()
    var tables = JSONWriter()
    tables.object { json in
      json.rows("totals", [totals])
      json.rows(
        "services",
        services.map {
          [
            names.number($0.name), Int64($0.requests), Int64($0.errors), $0.p50.rawValue, $0.p95.rawValue,
            $0.p99.rawValue,
          ]
        })
      json.rows(
        "findings",
        findings.map {
          [
            names.number($0.id), names.number($0.kind),
            Int64(Self.severities.firstIndex(of: $0.severity) ?? 0), names.number($0.title),
            names.number($0.service), names.number($0.page), $0.isChange ? 1 : 0,
          ]
        })
      json.rows(
        "traces",
        traces.map {
          [
            Int64(bitPattern: $0.id.high), Int64(bitPattern: $0.id.low), $0.start.rawValue,
            $0.duration.rawValue, Int64($0.spanCount), Int64($0.errorCount), $0.rootFailed ? 1 : 0,
            names.number($0.service), names.number($0.operation), names.number($0.errorText),
          ]
        })
      json.rows(
        "shards",
        shards.map {
          [$0.first.rawValue, $0.last.rawValue, $0.longest.rawValue, Int64($0.count), Int64($0.failing)]
        })
      json.texts("unsearched", unsearchedKeys)
      json.texts("files", files)
    }
    var head = JSONWriter()
    head.object { $0.texts("names", names.texts) }
    // `{…}` and `{…}` become the rest of one object.
    return Array(Self.beginning(date).utf8) + [0x2c] + head.bytes.dropFirst().dropLast() + [0x2c]
      + tables.bytes.dropFirst() + [0x0a]
  }

  private var totals: [Int64] {
    [
      window.start.rawValue, window.end.rawValue, Int64(traceCount), Int64(spanCount), Int64(requests),
      Int64(failures), baseline.map { Int64($0.day) } ?? .min,
    ]
  }

  /// Reads the file of the night with this name; nil when it is no such file.
  ///
  /// - Complexity: O(bytes).
  package init?(decoding bytes: [UInt8], named date: NightDate) {
    let beginning = Array(Self.beginning(date).utf8)
    guard bytes.starts(with: beginning) else { return nil }
    self.init(date: date)
    // What follows the beginning is an object without its first brace.
    var reader = DigestReader([0x7b] + bytes.dropFirst(beginning.count + 1))
    do throws(DigestError) {
      try read(&reader)
    } catch {
      return nil
    }
  }

  private mutating func read(_ reader: inout DigestReader) throws(DigestError) {
    try reader.expect("{")
    try reader.key("names")
    var rows = NightRows(names: try reader.texts())
    for totals in try rows.read("totals", width: 7, from: &reader) {
      window.start = UnixNanoseconds(totals[0])
      window.end = UnixNanoseconds(totals[1])
      traceCount = count(totals[2])
      spanCount = count(totals[3])
      requests = count(totals[4])
      failures = count(totals[5])
      baseline = totals[6] == .min ? nil : NightDate(day: Int(totals[6]))
    }
    for row in try rows.read("services", width: 6, from: &reader) {
      var service = NightService()
      service.name = try rows.name(row[0], reader)
      service.requests = count(row[1])
      service.errors = count(row[2])
      service.p50 = Nanoseconds(row[3])
      service.p95 = Nanoseconds(row[4])
      service.p99 = Nanoseconds(row[5])
      services.append(service)
    }
    for row in try rows.read("findings", width: 7, from: &reader) {
      findings.append(try finding(row, rows, reader))
    }
    for row in try rows.read("traces", width: 10, from: &reader) {
      traces.append(try trace(row, rows, reader))
    }
    for row in try rows.read("shards", width: 5, from: &reader) {
      var shard = NightShard()
      shard.first = UnixNanoseconds(row[0])
      shard.last = UnixNanoseconds(row[1])
      shard.longest = Nanoseconds(row[2])
      shard.count = count(row[3])
      shard.failing = count(row[4])
      shards.append(shard)
    }
    try reader.expect(",")
    try reader.key("unsearched")
    unsearchedKeys = try reader.texts()
    try reader.expect(",")
    try reader.key("files")
    files = try reader.texts()
    try reader.expect("}")
    guard files.allSatisfy(Self.isFileName) else { throw reader.error("a file lies elsewhere") }
  }

  private func finding(
    _ row: [Int64], _ rows: NightRows, _ reader: DigestReader
  ) throws(DigestError) -> NightFinding {
    guard Self.severities.indices.contains(count(row[2])) else { throw reader.error("a severity is unknown") }
    var finding = NightFinding()
    finding.id = try rows.name(row[0], reader)
    finding.kind = try rows.name(row[1], reader)
    finding.severity = Self.severities[count(row[2])]
    finding.title = try rows.name(row[3], reader)
    finding.service = try rows.name(row[4], reader)
    finding.page = try rows.name(row[5], reader)
    finding.isChange = row[6] != 0
    return finding
  }

  private func trace(
    _ row: [Int64], _ rows: NightRows, _ reader: DigestReader
  ) throws(DigestError) -> NightTrace {
    var trace = NightTrace()
    trace.id = TraceID(high: UInt64(bitPattern: row[0]), low: UInt64(bitPattern: row[1]))
    trace.start = UnixNanoseconds(row[2])
    trace.duration = Nanoseconds(row[3])
    trace.spanCount = count(row[4])
    trace.errorCount = count(row[5])
    trace.rootFailed = row[6] != 0
    trace.service = try rows.name(row[7], reader)
    trace.operation = try rows.name(row[8], reader)
    trace.errorText = try rows.name(row[9], reader)
    return trace
  }

  /// Counts are held where no sum of them overflows.
  private func count(_ number: Int64) -> Int { Int(min(max(number, 0), 1 << 40)) }

  /// True for what a file of a report can be called, seen from its folder: one folder deep at most, and never hidden.
  package static func isFileName(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.count <= 200 && part.utf8.first != UInt8(ascii: ".")
          && part.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2d
              || byte == 0x2e || byte == 0x5f
          }
      }
  }
}

/// Every text of a night once.
private struct NightNames {
  private(set) var texts: [String] = []
  private var numbers: [String: Int64] = [:]

  init() { _ = number("") }

  mutating func number(_ text: String) -> Int64 {
    if let known = numbers[text] { return known }
    numbers[text] = Int64(texts.count)
    texts.append(text)
    return Int64(texts.count - 1)
  }
}

/// Reads tables of numbers.
private struct NightRows {
  let names: [String]

  mutating func read(
    _ key: String, width: Int, from reader: inout DigestReader
  ) throws(DigestError) -> [[Int64]] {
    try reader.expect(",")
    try reader.key(key)
    try reader.expect("[")
    var rows: [[Int64]] = []
    if reader.takes("]") { return rows }
    repeat {
      let row = try reader.numbers()
      guard row.count == width else { throw reader.error("a row of \(key) is damaged") }
      rows.append(row.map { Int64(clamping: $0) })
    } while reader.takes(",")
    try reader.expect("]")
    return rows
  }

  func name(_ number: Int64, _ reader: DigestReader) throws(DigestError) -> String {
    guard number >= 0, number < Int64(names.count) else { throw reader.error("a name is not there") }
    return names[Int(number)]
  }
}

extension JSONWriter {
  fileprivate mutating func rows(_ name: StaticString, _ rows: [[Int64]]) {
    key(name)
    array { json in
      for row in rows {
        json.array { json in
          for number in row { json.integer(number) }
        }
      }
    }
  }

  fileprivate mutating func texts(_ name: StaticString, _ texts: [String]) {
    key(name)
    array { json in
      for text in texts { json.string(text) }
    }
  }
}
