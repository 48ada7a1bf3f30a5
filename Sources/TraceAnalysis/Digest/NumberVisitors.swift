import TraceModel

/// Leads a visitor of fields through all rows.
struct RowsVisitor<Fields: FieldVisitor>: TableVisitor {
  var fields: Fields

  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row]) {
    for index in rows.indices { rows[index].visit(&fields) }
  }
}

/// Orders every table.
struct OrderVisitor: TableVisitor {
  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row]) { _ = Digest.order(&rows) }
}

/// A visitor that only cares about numbers of names and rows.
protocol NumberVisitor: FieldVisitor {}

extension NumberVisitor {
  mutating func integer(_ field: inout Int) {}
  mutating func integer64(_ field: inout Int64) {}
  mutating func wide(_ field: inout UInt128) {}
  mutating func exemplar(_ field: inout Exemplar) {}
  mutating func length(_ count: inout Int) {}
  mutating func symbol(_ field: inout Symbol) {}
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) {}
  mutating func sketch(_ field: inout DurationSketch) {}
  mutating func bands(_ field: inout [SeriesBand]) {}
}

/// Collects the traces that rows point to.
struct ExemplarCollector: NumberVisitor {
  var traces: Set<TraceID> = []

  mutating func exemplar(_ field: inout Exemplar) {
    if !field.isAbsent { traces.insert(field.traceID) }
  }
}

/// Moves numbers up, for rows that are put behind others.
struct Shift: NumberVisitor {
  var names: Int
  var tables = [Int32](repeating: 0, count: ReferenceTable.allCases.count)

  mutating func symbol(_ field: inout Symbol) { field = Symbol(field.index + UInt32(names)) }

  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) {
    field += tables[table.rawValue]
  }
}

/// Gives names new numbers.
struct Renaming: NumberVisitor {
  var symbols: [Symbol]

  mutating func symbol(_ field: inout Symbol) { field = symbols[Int(field.index)] }
}

/// Gives the rows of one table new numbers.
struct Renumbering: NumberVisitor {
  var table: ReferenceTable
  var mapping: [Int32]

  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) {
    if table == self.table { field = mapping[Int(field)] }
  }
}

/// Finds out which names are used.
struct SymbolUse: NumberVisitor {
  var isUsed: [Bool]

  mutating func symbol(_ field: inout Symbol) { isUsed[field.number] = true }
}

/// Collects the symbols that occur.
struct SymbolCollector: NumberVisitor {
  private let numbers: SymbolNumbers
  var symbols: [Symbol] = [.empty]

  /// Starts without symbols; all have numbers below `limit`.
  init(below limit: Int) { numbers = SymbolNumbers(limit) }

  mutating func symbol(_ field: inout Symbol) {
    guard !field.isEmpty else { return }
    var number = numbers[field]
    if number == 0 {
      number = UInt32(symbols.count)
      numbers[field] = number
      symbols.append(field)
    }
    field = Symbol(number)
  }
}

/// New numbers of symbols, 0 where there is none: visitors are copied, this is not.
final class SymbolNumbers {
  private var numbers: Column<UInt32>

  init(_ count: Int) { numbers = Column(zeroes: count) }

  subscript(symbol: Symbol) -> UInt32 {
    get { numbers[symbol.number] }
    set { numbers[symbol.number] = newValue }
  }
}
