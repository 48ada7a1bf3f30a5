import TraceModel

/// A protobuf form in which spans are archived: a message whose field 1 repeats what holds them.
///
/// One file adds a format: it says whether such an element is its own and how one is read. `SpanFormats` lists them.
protocol ProtobufSpanFormat {
  /// The label in `report.json`.
  static var label: FormatLabel { get }
  /// Formats are asked in this order.
  static var order: Int { get }
  /// True when the element with these bytes is of this format; a cut one counts by what is there.
  static func recognises(_ element: ProtobufReader) -> Bool
  /// Reads the element that the reader stands in, up to its end, into the sink.
  ///
  /// A fault leaves complete spans behind; the caller decides whether to keep them.
  static func decode(_ reader: inout ProtobufReader, into sink: inout SpanSink) throws(ProtobufFault)
}

extension SpanFormats {
  /// The protobuf formats, in the order in which they are asked.
  static var protobuf: [any ProtobufSpanFormat.Type] { [OTLPProtobuf.self, ZipkinProtobuf.self] }
}

extension SpanSink {
  /// The symbol of a text that should be UTF-8 and is repaired where it is not.
  @inline(__always)
  mutating func symbol(_ text: JSONText) -> Symbol {
    if UTF8Check.isASCII(text) { return table.symbols.intern(text.base, count: text.count) }
    return repairedSymbol(text)
  }

  /// The same for a value of a key, which is looked for only where values of the key come again.
  @inline(__always)
  mutating func valueSymbol(_ text: JSONText, of key: Symbol) -> Symbol {
    if UTF8Check.isASCII(text) { return table.valueSymbol(of: key, text.base, count: text.count) }
    return repairedSymbol(text)
  }

  @inline(never)
  private mutating func repairedSymbol(_ text: JSONText) -> Symbol {
    let (repaired, wasRepaired) = scratch.repair(text.bytes)
    if wasRepaired {
      summary.diagnostics.add(.badEncoding, at: baseOffset, "strings with broken UTF-8 repaired")
    }
    return table.symbols.intern(repaired.base, count: repaired.count)
  }
}
