import TraceModel

extension Digest {
  /// The digest as JSON: names once, then each table as arrays of whole numbers, a row an array.
  ///
  ///     {"schemaVersion":1,"names":["","GET /orders",…],"totals":[…],"grid":[level,first,last],
  ///      "tables":{"operations":[[1,2,…],…],…}}
  ///
  /// Messages are joined to their senders first. Equal digests give equal bytes.
  package func encoded() -> [UInt8] {
    var digest = self
    digest.settle()
    var output = DigestWriter()
    output.add("{\"schemaVersion\":\(Self.schemaVersion),\n\"names\":[")
    for (place, name) in digest.names.enumerated() {
      if place > 0 { output.add(",") }
      output.addText(name)
    }
    output.add("],\n\"totals\":")
    output.row { digest.totals.visit(&$0) }
    output.add(",\n\"grid\":[\(digest.grid.level),\(digest.grid.first),\(digest.grid.last)],\n\"tables\":{")
    digest.visitTables(&output)
    output.add("}}\n")
    return output.bytes
  }
}

/// Collects the bytes of a digest.
private struct DigestWriter: TableVisitor {
  private(set) var bytes: [UInt8] = []
  private var isFirstTable = true
  private var isFirstField = true

  mutating func add(_ text: String) { bytes += text.utf8 }

  mutating func add(_ more: [UInt8]) { bytes += more }

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
    add(isFirstTable ? "\n" : ",\n")
    isFirstTable = false
    addText(name)
    add(":[")
    for place in rows.indices {
      if place > 0 { add(",\n") }
      row { rows[place].visit(&$0) }
    }
    add("]")
  }
}

/// Writes the fields of a row as an array of numbers.
extension DigestWriter: FieldVisitor {
  mutating func row(_ visit: (inout DigestWriter) -> Void) {
    bytes.append(0x5b)
    isFirstField = true
    visit(&self)
    bytes.append(0x5d)
  }

  private mutating func separate() {
    if !isFirstField { bytes.append(0x2c) }
    isFirstField = false
  }

  private mutating func add(_ number: Int64) {
    separate()
    DecimalDigits.append(number, to: &bytes)
  }

  mutating func integer(_ field: inout Int) { add(Int64(field)) }
  mutating func integer64(_ field: inout Int64) { add(field) }
  mutating func symbol(_ field: inout Symbol) { add(Int64(field.index)) }
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) { add(Int64(field)) }
  mutating func length(_ count: inout Int) { add(Int64(count)) }

  mutating func wide(_ field: inout UInt128) {
    if let small = Int64(exactly: field) { return add(small) }
    separate()
    bytes += String(field).utf8
  }
}
