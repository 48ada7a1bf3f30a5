import TraceModel

/// Why a file is no digest.
package struct DigestError: Error, Sendable {
  /// One sentence with the remedy.
  package let message: String
  /// Where, in bytes of the inflated file.
  package let offset: Int
}

extension Digest {
  /// How a digest begins.
  private static let beginning = Array("{\"schemaVersion\":".utf8)

  /// True when a file that begins so is meant to be a digest; reports begin likewise but for the names.
  package static func isStart(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: beginning) else { return false }
    let rest = bytes.dropFirst(beginning.count).drop { $0 != 0x2c }.dropFirst().drop { $0 <= 0x20 }
    return rest.starts(with: "\"names\"".utf8)
  }

  /// Reads a digest back.
  ///
  /// What it reads is checked: versions, numbers of names and rows, and the order of rows. A digest of a newer
  /// version is refused.
  ///
  /// - Parameter most: what its rows may take, in bytes of memory; with more it is refused.
  /// - Complexity: O(bytes).
  package init(decoding bytes: [UInt8], most: Int = .max) throws(DigestError) {
    var reader = DigestReader(bytes, most: most)
    self.init()
    try reader.expect("{")
    try reader.key("schemaVersion")
    let version = try reader.number()
    guard version == Int128(Self.schemaVersion) else {
      throw reader.error("digest of version \(version); this program reads version \(Self.schemaVersion)")
    }
    try reader.expect(",")
    try reader.key("names")
    names = try reader.texts()
    try reader.expect(",")
    try reader.key("totals")
    var row = RowReader(try reader.numbers())
    totals.visit(&row)
    try reader.expect(",")
    try reader.key("grid")
    try readGrid(&reader)
    try reader.expect(",")
    try reader.key("tables")
    try reader.expect("{")
    var tables = TablesReader(reader: reader)
    visitTables(&tables)
    if let failure = tables.failure { throw failure }
    try check(tables.reader)
    canonicalise()
  }

  private mutating func readGrid(_ reader: inout DigestReader) throws(DigestError) {
    let numbers = try reader.numbers()
    guard numbers.count == 3, numbers[0] >= 0, numbers[0] < Int128(TimeGrid.widths.count) else {
      throw reader.error("the grid is damaged")
    }
    grid.widen(to: Int(numbers[0]))
    let first = Int64(clamping: numbers[1])
    let last = Int64(clamping: numbers[2])
    let width = grid.width
    let range = TimeGrid.earliest / width...TimeGrid.latest / width
    if last >= first {
      guard range.contains(first), range.contains(last), last - first < TimeGrid.limit else {
        throw reader.error("the grid is damaged")
      }
      grid.first = first
      grid.last = last
    }
  }

  /// Names and rows that are referred to must exist, and call paths must form trees.
  private mutating func check(_ reader: DigestReader) throws(DigestError) {
    guard names.first == "" else { throw reader.error("the names are damaged") }
    var checker = ReferenceChecker(
      names: names.count,
      counts: ReferenceTable.allCases.map { count(of: $0) })
    visitFields(&checker)
    var isSound = checker.isSound
    for (place, row) in callPaths.enumerated() {
      let parent = Int(row.parent)
      isSound = isSound && (parent >= 0 ? parent < place : ~parent < durationBands.count)
    }
    guard isSound else { throw reader.error("a row refers to what is not there") }
  }
}

/// Reads rows table by table.
private struct TablesReader: TableVisitor {
  var reader: DigestReader
  var failure: DigestError?
  private var isFirst = true
  private var isOver = false

  init(reader: DigestReader) { self.reader = reader }

  mutating func table<Row: DigestRow>(_ name: String, _ rows: inout [Row]) {
    guard failure == nil, !isOver else { return }
    do throws(DigestError) {
      // Tables that were added since a digest was written are empty.
      isOver = !isFirst && reader.takes("}")
      if isOver { return }
      if !isFirst { try reader.expect(",") }
      isFirst = false
      try reader.key(name)
      try reader.expect("[")
      if reader.takes("]") { return }
      repeat {
        var fields = RowReader(try reader.numbers())
        var row = Row()
        row.visit(&fields)
        guard fields.isSound else { throw reader.error("a row of \(name) is damaged") }
        rows.append(row)
      } while reader.takes(",")
      try reader.expect("]")
    } catch {
      failure = error
    }
  }
}

/// Hands the numbers of a row to its fields.
private struct RowReader: FieldVisitor {
  private var numbers: [Int128]
  private var place = 0
  private var isShort = false

  init(_ numbers: [Int128]) { self.numbers = numbers }

  var isSound: Bool { !isShort && place == numbers.count }

  private mutating func next() -> Int128 {
    guard place < numbers.count else {
      isShort = true
      return 0
    }
    place += 1
    return numbers[place - 1]
  }

  /// Counts are held where no sum of them overflows.
  mutating func integer(_ field: inout Int) { field = Int(min(max(next(), 0), 1 << 40)) }
  mutating func integer64(_ field: inout Int64) { field = Int64(clamping: next()) }
  mutating func wide(_ field: inout UInt128) { field = UInt128(clamping: next()) }
  mutating func symbol(_ field: inout Symbol) { field = Symbol(UInt32(clamping: next())) }
  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) { field = Int32(clamping: next()) }

  mutating func length(_ count: inout Int) {
    let wanted = next()
    isShort = isShort || wanted < 0 || wanted > Int128(numbers.count - place)
    count = isShort ? 0 : Int(wanted)
  }
}

/// Finds references to what is not there.
private struct ReferenceChecker: NumberVisitor {
  let names: Int
  let counts: [Int]
  var isSound = true

  mutating func symbol(_ field: inout Symbol) { isSound = isSound && field.number < names }

  mutating func reference(_ field: inout Int32, _ table: ReferenceTable) {
    isSound = isSound && field >= 0 && Int(field) < counts[table.rawValue]
  }
}
