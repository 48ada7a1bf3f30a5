import TraceModel

/// A table whose rows others refer to by number.
enum ReferenceTable: Int, CaseIterable {
  case operations
  case entryPoints
  case durationBands
  case components
  case errorGroups
  case traceClasses
}

/// Looks at the fields of rows one after the other, and may change them.
///
/// A row names its fields once, in a fixed order; writing, reading, renumbering and collecting are visitors. So a
/// field cannot be forgotten by one of them.
protocol FieldVisitor {
  /// A count or a small number; never negative.
  mutating func integer(_ field: inout Int)
  /// A time, a length or an id: any number.
  mutating func integer64(_ field: inout Int64)
  mutating func wide(_ field: inout UInt128)
  mutating func symbol(_ field: inout Symbol)
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable)
  mutating func exemplar(_ field: inout Exemplar)
  /// The number of elements of a list; a reader bounds it by what is left.
  mutating func length(_ count: inout Int)
  mutating func sketch(_ field: inout DurationSketch)
  mutating func bands(_ field: inout [SeriesBand])
}

extension FieldVisitor {
  mutating func exemplar(_ field: inout Exemplar) { exemplarFields(&field) }

  mutating func exemplarFields(_ field: inout Exemplar) {
    integer64(&field.value)
    identifier(&field.traceID)
    identifier(&field.spanID.rawValue)
  }

  mutating func integer32(_ field: inout Int32) {
    var value = Int64(field)
    integer64(&value)
    field = Int32(clamping: value)
  }

  /// A bucket or band of lengths.
  mutating func bucket(_ field: inout Int) {
    integer(&field)
    field = min(field, DurationScale.bucketCount - 1)
  }

  mutating func flag(_ field: inout Bool) {
    var value = field ? 1 : 0
    integer(&value)
    field = value != 0
  }

  mutating func time(_ field: inout UnixNanoseconds) { integer64(&field.rawValue) }

  mutating func length(_ field: inout Nanoseconds) { integer64(&field.rawValue) }

  mutating func kind(_ field: inout SpanKind) {
    var value = Int(field.rawValue)
    integer(&value)
    field = SpanKind(rawValue: UInt8(clamping: value)) ?? .unspecified
  }

  mutating func identifier(_ field: inout UInt64) {
    var value = Int64(bitPattern: field)
    integer64(&value)
    field = UInt64(bitPattern: value)
  }

  mutating func identifier(_ field: inout TraceID) {
    identifier(&field.high)
    identifier(&field.low)
  }

  mutating func sketch(_ field: inout DurationSketch) { sketchFields(&field) }

  mutating func sketchFields(_ field: inout DurationSketch) {
    integer(&field.count)
    integer64(&field.sum)
    integer64(&field.least)
    integer64(&field.greatest)
    list(&field.cells, of: DurationSketch.Cell(bucket: 0, count: 0)) { visitor, cell in
      visitor.bucket(&cell.bucket)
      visitor.integer(&cell.count)
    }
  }

  mutating func bands(_ field: inout [SeriesBand]) {
    list(&field, of: SeriesBand(band: 0, count: 0, errors: 0)) { visitor, band in
      visitor.bucket(&band.band)
      visitor.integer(&band.count)
      visitor.integer(&band.errors)
    }
  }

  mutating func list<Element>(
    _ field: inout [Element], of empty: Element, _ body: (inout Self, inout Element) -> Void
  ) {
    var count = field.count
    length(&count)
    if count != field.count { field = Array(repeating: empty, count: count) }
    for index in field.indices { body(&self, &field[index]) }
  }
}

/// One row of a table of a digest.
///
/// Rows with equal keys are one row: they are merged. Keys are compared once names are numbered by their texts, so
/// their order is the order of the texts.
protocol DigestRow: Sendable {
  associatedtype Key: DigestKey

  /// The memory that a row takes while it is made, merged and shown, about.
  static var footprint: Int { get }

  init()
  /// The same, but for the names of examples: those of merged rows may be others.
  var withoutExamples: Self { get }
  /// What it is about.
  var key: Key { get }
  /// Takes up what another row with the same key has counted; associative and commutative.
  mutating func merge(_ other: Self)
  /// Shows all fields in their order.
  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor)
}

extension DigestRow {
  /// Of plain numbers.
  static var footprint: Int { 2 * MemoryLayout<Self>.stride }

  var withoutExamples: Self { self }

  /// The memory of so many rows, about.
  static func bytes(_ count: Int) -> Int { count * footprint }
}

/// Looks at the tables of a digest one after the other.
protocol TableVisitor {
  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row])
}

extension Symbol {
  /// Its number, for keys of rows.
  var number: Int { Int(index) }
}
