import TraceModel

/// All calls of a walk, put in order outside memory where that is short, and then counted link by link.
///
///     calls   (shop → cart, 8 ms) (shop → user, 2 ms) (shop → cart, 5 ms) …      as traces come
///             (shop → cart, 5 ms) (shop → cart, 8 ms) (shop → user, 2 ms) …      by symbols, then latency
///     links    shop → cart: 2, median 5 ms             shop → user: 1, …         by names
///
/// A link takes no memory of its own, so that archives may have one in every span; percentiles are exact. One owner;
/// not copied.
///
/// - Complexity: O(*n* log *n*) in the calls.
struct CallLedger: ~Copyable {
  /// A call, or several of which no latency is known.
  struct Call: BitwiseCopyable {
    /// Who calls, who is called, and how: 31, 31 and 2 bits.
    private(set) var link: UInt64
    var latency: Int64
    var failed: Bool
    var callerFailed: Bool
    var times: UInt32

    init(
      _ parent: Symbol, _ child: Symbol, _ type: ConnectionType, latency: Int64 = 0, failed: Bool = false,
      callerFailed: Bool = false, times: UInt32 = 1
    ) {
      link = UInt64(parent.index) << 33 | UInt64(child.index) << 2 | UInt64(type.number)
      self.latency = latency
      self.failed = failed
      self.callerFailed = callerFailed
      self.times = times
    }

    /// The same between others.
    func between(_ parent: Symbol, _ child: Symbol) -> Call {
      Call(parent, child, type, latency: latency, failed: failed, callerFailed: callerFailed)
    }

    fileprivate init(_ counted: Counted, times: UInt32) {
      (link, latency) = (counted.link, 0)
      (failed, callerFailed) = (counted.failed, counted.callerFailed)
      self.times = times
    }

    var parent: Symbol { Symbol(UInt32(link >> 33)) }
    var child: Symbol { Symbol(UInt32(link >> 2 & 0x7fff_ffff)) }
    var type: ConnectionType { ConnectionType(number: Int(link & 3)) }
  }

  /// What is counted together.
  fileprivate struct Counted: Hashable {
    var link: UInt64
    var failed: Bool
    var callerFailed: Bool
  }

  /// By link, and by latency within it.
  private struct CallOrder: RowOrder {
    func isBefore(_ left: Call, _ right: Call) -> Bool {
      left.link != right.link ? left.link < right.link : left.latency < right.latency
    }
  }

  let names: LinkNames
  /// Calls of which no latency is known, by link and failures, until they are many.
  private var counts: [Counted: UInt32] = [:]
  private var calls: SortedRuns<CallOrder>

  init(_ store: SpanStore) {
    names = LinkNames(store)
    calls = SortedRuns(in: store.spill, CallOrder())
  }

  /// Takes up a call between names of the ledger.
  mutating func add(_ call: Call) { calls.add(call) }

  /// Takes up a call, or several, of which no latency is known: equal ones that come soon one after another are one row.
  mutating func count(_ call: Call) {
    let key = Counted(link: call.link, failed: call.failed, callerFailed: call.callerFailed)
    let known = counts[key] ?? 0
    let (sum, overflow) = known.addingReportingOverflow(call.times)
    counts[key] = overflow ? call.times : sum
    if overflow { calls.add(Call(key, times: known)) }
    if counts.count >= Self.mostCounts { flush() }
  }

  /// So many distinct calls are counted in memory.
  private static let mostCounts = 1 << 14

  private mutating func flush() {
    for (key, times) in counts { calls.add(Call(key, times: times)) }
    counts.removeAll(keepingCapacity: true)
  }

  /// The links of all calls that were taken up; none can be added afterwards.
  mutating func sortedLinks(threads: Int) -> SortedLinks {
    flush()
    var links = SortedRuns(in: names.store.spill, SortedLinks.Order(names: names))
    let calls = calls.sorted(threads: threads)
    var start = 0
    var left = 1 << 14
    while start < calls.count {
      var row = SortedLinks.Row(call: calls[start])
      var end = start
      while end < calls.count, calls[end].link == row.call.link {
        let times = Int(calls[end].times)
        row.calls += times
        row.errors += calls[end].failed ? times : 0
        row.clientErrors += calls[end].callerFailed ? times : 0
        end += 1
        left -= 1
        if left == 0 {
          left = 1 << 14
          calls.leaveMemory()
        }
      }
      // Several at once have no latency, so that ranks may count rows.
      let rows = end - start
      row.p50 = calls[start + Self.rank(50, of: rows)].latency
      row.p95 = calls[start + Self.rank(95, of: rows)].latency
      row.p99 = calls[start + Self.rank(99, of: rows)].latency
      links.add(row)
      start = end
    }
    return SortedLinks(links, names, threads: threads)
  }

  /// The place of the value at `ceil(part · count)`, from 0 up.
  ///
  /// - `hundredths`: whole ones, so that 0.95 · 20 is 19 and not a little more.
  private static func rank(_ hundredths: Int, of count: Int) -> Int { (count * hundredths + 99) / 100 - 1 }
}
