package import TraceModel

/// Links by (parent, child, connection type) in the order of bytes, made of rows as they are asked for.
///
/// Rows and names lie in temporary files where spans do, so whoever goes from one link to the next needs memory for one
/// of them. One thread uses it.
package final class SortedLinks: RandomAccessCollection {
  /// All calls of one link.
  struct Row: BitwiseCopyable {
    var call: CallLedger.Call
    var calls = 0
    var errors = 0
    var clientErrors = 0
    var p50: Int64 = 0
    var p95: Int64 = 0
    var p99: Int64 = 0
  }

  /// By names in the order of bytes.
  struct Order: RowOrder {
    let names: LinkNames

    static let rowsInMemory = SortedLinks.linksInMemory

    func isBefore(_ left: Row, _ right: Row) -> Bool {
      let order = names.compare(left.call.parent, right.call.parent)
      if order != 0 { return order < 0 }
      let second = names.compare(left.call.child, right.call.child)
      return second != 0 ? second < 0 : left.call.type < right.call.type
    }

    func leaveMemory() { names.leaveMemory() }
  }

  /// After so many links pages are let go of: their names lie anywhere.
  package static let linksInMemory = SpillSpace.scatteredRows

  private let rows: Column<Row>
  private let names: LinkNames

  init(_ rows: consuming SortedRuns<Order>, _ names: LinkNames, threads: Int) {
    self.rows = rows.sorted(threads: threads)
    self.names = names
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { rows.count }

  /// The link at a place.
  package subscript(place: Int) -> LinkResult {
    if place % Self.linksInMemory == 0 { leaveMemory() }
    let row = rows[place]
    var link = LinkResult()
    link.parent = names.text(row.call.parent)
    link.child = names.text(row.call.child)
    link.connectionType = row.call.type
    link.callCount = row.calls
    link.errorCount = row.errors
    link.clientErrorCount = row.clientErrors
    link.latency.count = row.calls
    link.latency.p50 = Nanoseconds(row.p50)
    link.latency.p95 = Nanoseconds(row.p95)
    link.latency.p99 = Nanoseconds(row.p99)
    return link
  }

  /// Who calls at a place: one symbol for equal names.
  package func parent(at place: Int) -> Symbol { rows[place].call.parent }

  /// True when no link before it is of the same caller.
  package func isFirstOfParent(_ place: Int) -> Bool {
    place == 0 || parent(at: place - 1) != parent(at: place)
  }

  /// Who is called at a place.
  package func child(at place: Int) -> Symbol { rows[place].call.child }

  /// Calls at a place, and those of them that failed for either side.
  package func counts(at place: Int) -> (calls: Int, errors: Int) {
    let row = rows[place]
    return (row.calls, Swift.max(row.errors, row.clientErrors))
  }

  /// The name of a service.
  package func name(_ symbol: Symbol) -> String { names.text(symbol) }

  /// Where tables about links go; nil for memory.
  var space: SpillSpace? { names.store.spill }

  /// Lets go of the pages of all that is in files.
  package func leaveMemory() {
    rows.leaveMemory()
    names.leaveMemory()
  }
}
