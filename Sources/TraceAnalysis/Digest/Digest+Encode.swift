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
    var totals = RowWriter()
    digest.totals.visit(&totals)
    output.add(totals.closed())
    output.add(",\n\"grid\":[\(digest.grid.level),\(digest.grid.first),\(digest.grid.last)],\n\"tables\":{")
    digest.visitTables(&output)
    output.add("}}\n")
    return output.bytes
  }
}

/// Collects the bytes of a digest.
private struct DigestWriter: TableVisitor {
  var bytes: [UInt8] = []
  private var isFirstTable = true

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
      var writer = RowWriter()
      rows[place].visit(&writer)
      add(writer.closed())
    }
    add("]")
  }
}

/// Writes the fields of a row as an array of numbers.
private struct RowWriter: FieldVisitor {
  private var bytes: [UInt8] = [0x5b]

  mutating func closed() -> [UInt8] { bytes + [0x5d] }

  private mutating func add(_ number: some BinaryInteger) {
    if bytes.count > 1 { bytes.append(0x2c) }
    bytes += String(number).utf8
  }

  mutating func integer(_ field: inout Int) { add(field) }
  mutating func integer64(_ field: inout Int64) { add(field) }
  mutating func wide(_ field: inout UInt128) { add(field) }
  mutating func symbol(_ field: inout Symbol) { add(field.index) }
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) { add(field) }
  mutating func length(_ count: inout Int) { add(count) }
}
