import TraceModel

extension Digest {
  /// The digest as JSON: names once, then each table as arrays of whole numbers, a row an array.
  ///
  ///     {"schemaVersion":1,"names":["","GET /orders",…],"totals":[…],"grid":[level,first,last],
  ///      "tables":{"operations":[[1,2,…],…],…}}
  ///
  /// Messages are joined to their senders first. Equal digests give equal bytes.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    encode { bytes += $0 }
    return bytes
  }

  /// Hands the same bytes over in pieces of some hundred thousand: where they go on at once, a digest takes no memory.
  package func encode(to take: ([UInt8]) -> Void) {
    var digest = self
    digest.settle()
    digest.probes = []
    withoutActuallyEscaping(take) { take in
      var writer = DigestWriter(take)
      writer.add("{\"schemaVersion\":\(Self.schemaVersion),\n\"names\":[")
      for (place, name) in digest.names.enumerated() {
        if place > 0 { writer.add(",") }
        writer.addText(name)
      }
      writer.add("],\n\"totals\":")
      writer.row { digest.totals.visit(&$0) }
      writer.add(",\n\"grid\":[\(digest.grid.level),\(digest.grid.first),\(digest.grid.last)],\n\"tables\":{")
      digest.visitTables(&writer)
      writer.add("}}\n")
      writer.handOver()
    }
  }
}

/// Makes the bytes of a digest.
private struct DigestWriter: TableVisitor, FieldVisitor {
  private var bytes: [UInt8] = []
  private var isFirst = true
  private let take: ([UInt8]) -> Void

  private static let pieceSize = 1 << 18

  init(_ take: @escaping ([UInt8]) -> Void) { self.take = take }

  mutating func handOver() {
    take(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func add(_ text: String) { bytes += text.utf8 }

  mutating func addText(_ text: String) {
    bytes.append(0x22)
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5c: bytes += [0x5c, byte]
      case 0..<0x20:
        add("\\u00")
        bytes += [HexDigits.digit(byte >> 4), HexDigits.digit(byte & 15)]
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row]) {
    add(bytes.last == 0x7b ? "\n" : ",\n")
    addText(name)
    add(":[")
    for place in rows.indices {
      if place > 0 { add(",\n") }
      if bytes.count >= Self.pieceSize { handOver() }
      // Visiting the row in its place would copy the table.
      var copy = rows[place]
      row { copy.visit(&$0) }
    }
    add("]")
  }

  mutating func row(_ body: (inout Self) -> Void) {
    bytes.append(0x5b)
    isFirst = true
    body(&self)
    bytes.append(0x5d)
  }

  private mutating func separate() {
    if !isFirst { bytes.append(0x2c) }
    isFirst = false
  }

  mutating func integer(_ field: inout Int) { number(UInt64(field.magnitude), isNegative: field < 0) }
  mutating func integer64(_ field: inout Int64) { number(field.magnitude, isNegative: field < 0) }
  mutating func symbol(_ field: inout Symbol) { number(UInt64(field.index), isNegative: false) }
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) {
    number(UInt64(field.magnitude), isNegative: field < 0)
  }
  mutating func length(_ count: inout Int) { integer(&count) }

  mutating func wide(_ field: inout UInt128) {
    if let small = UInt64(exactly: field) { return number(small, isNegative: false) }
    separate()
    add(String(field))
  }

  private mutating func number(_ magnitude: UInt64, isNegative: Bool) {
    if magnitude < 100, !isNegative {
      // Most are small.
      separate()
      if magnitude > 9 { bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude / 10)) }
      return bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude % 10))
    }
    // Digits come from the right: 64 bits have 20 at most, before them may stand a sign and a comma.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 22) { text in
      var first = 22
      var rest = magnitude
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        first &-= 1
        text[first] = 0x30 + UInt8(truncatingIfNeeded: digit)
        rest = quotient
      } while rest > 0
      if isNegative {
        first &-= 1
        text[first] = 0x2d
      }
      if !isFirst {
        first &-= 1
        text[first] = 0x2c
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[first...]))
    }
    isFirst = false
  }
}
