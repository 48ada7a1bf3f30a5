import TraceModel

/// Members of objects in one call each: key and value.
extension JSONWriter {
  mutating func field(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  mutating func field(_ name: StaticString, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  mutating func field(_ name: StaticString, _ value: Int) {
    key(name)
    integer(value)
  }

  mutating func field(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  /// A share or score, with six decimals at most: files can then be compared by eye.
  mutating func field(_ name: StaticString, _ value: Double) {
    key(name)
    let scaled = (value * 1_000_000).rounded()
    if scaled.magnitude < 9e15, scaled.truncatingRemainder(dividingBy: 1_000_000) == 0 {
      integer(Int64(scaled / 1_000_000))
    } else {
      double(scaled.magnitude < 9e15 ? scaled / 1_000_000 : value)
    }
  }

  mutating func field(_ name: StaticString, _ value: Nanoseconds) {
    key(name)
    decimalText(value.rawValue)
  }

  mutating func field(_ name: StaticString, _ value: UnixNanoseconds) {
    key(name)
    decimalText(value.rawValue)
  }

  mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  mutating func array<Elements: Sequence>(
    _ name: StaticString, _ elements: Elements, each: (inout JSONWriter, Elements.Element) -> Void
  ) {
    key(name)
    array { json in
      for element in elements { each(&json, element) }
    }
  }
}
