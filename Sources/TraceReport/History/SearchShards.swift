import TraceAnalysis
import TraceModel

/// The files that search over nights loads: the traces of a night in parts, in the order of their starts.
///
///     tracebookPart("2026-11-21",0,{"names":["…"],"operations":[service,name,…],"start":[…],…});
///
/// A file of script, since pages that are opened as files may load nothing else. Everything is a column: a value a
/// trace, or a number of a table that is written once. Moments are whole milliseconds after `first`, durations whole
/// microseconds. Only numbers and texts of JSON are in it, escaped as in a page.
struct SearchShards: Sendable {
  /// The traces of one file.
  static let tracesPerFile = 2_000
  /// The most bytes of all values of one key, and of all keys, in a night.
  static let keyBudget = 256 << 10
  static let nightBudget = 2 << 20
  static let longestText = 160
  /// Keys of more values are about single requests; their values are listed apart, so that the lists of others are
  /// the same for many traces and written once.
  private static let mostCommonValues = 64

  private let index: TraceIndex
  private let paged: Set<TraceID>
  private let keys: Set<UInt32>
  private let rareKeys: Set<UInt32>
  /// Keys that have too many values, sorted.
  let unsearchedKeys: [String]

  /// - `paged`: the traces that have a page.
  init(_ index: TraceIndex, paged: Set<TraceID>) {
    self.index = index
    self.paged = paged
    let store = index.store
    var values: [UInt32: Set<IndexedTrace.Attribute>] = [:]
    for trace in index.traces {
      for attribute in trace.attributes { values[attribute.key.index, default: []].insert(attribute) }
    }
    let costs = values.map { key, values in
      (
        key: key, name: store.symbols.text(Symbol(key)),
        bytes: values.reduce(0) {
          $0 + ($1.text.map { store.symbols.bytes($0).count } ?? 6)
        }
      )
    }.sorted { ($0.bytes, $0.name) < ($1.bytes, $1.name) }
    var keys: Set<UInt32> = []
    var left = Self.nightBudget
    var unsearched: [String] = []
    for cost in costs {
      if cost.bytes <= min(left, Self.keyBudget) {
        keys.insert(cost.key)
        left -= cost.bytes
      } else {
        unsearched.append(VisibleText.plain(cost.name))
      }
    }
    self.keys = keys
    rareKeys = Set(values.filter { $1.count > Self.mostCommonValues }.map(\.key))
    unsearchedKeys = unsearched.sorted()
  }

  /// The number of files.
  var count: Int { (index.traces.count + Self.tracesPerFile - 1) / Self.tracesPerFile }

  /// `search/000.js`
  static func path(_ number: Int) -> String { "search/\(StampFormat.padded(number, 3)).js" }

  private func traces(_ number: Int) -> ArraySlice<IndexedTrace> {
    let start = number * Self.tracesPerFile
    return index.traces[start..<min(start + Self.tracesPerFile, index.traces.count)]
  }

  /// What the page over all nights knows of each file.
  var shards: [NightShard] {
    (0..<count).map { number in
      let traces = traces(number)
      var shard = NightShard()
      shard.first = traces.first?.start ?? .unknown
      shard.last = traces.last?.start ?? .unknown
      shard.longest = traces.map(\.duration).max() ?? .zero
      shard.count = traces.count
      shard.failing = traces.reduce(0) { $0 + ($1.errorCount > 0 ? 1 : 0) }
      return shard
    }
  }

  /// The bytes of a file.
  func file(_ number: Int, of date: NightDate) -> [UInt8] {
    let traces = traces(number)
    var tables = ShardTables(store: index.store, keys: keys, longestText: Self.longestText)
    for trace in traces { tables.collect(trace) }
    tables.number()
    let first = traces.first?.start.rawValue ?? 0
    var json = JSONWriter()
    json.object { json in
      json.key("first")
      json.integer(first / 1_000_000)
      tables.write(to: &json)
      json.key("ids")
      json.string(traces.map(\.id.description).joined())
      // Whole milliseconds of both, so that the sum is the start's.
      json.column("start", traces) { $0.start.rawValue / 1_000_000 - first / 1_000_000 }
      json.column("duration", traces) { $0.duration.rawValue / 1_000 }
      json.column("spans", traces) { Int64($0.spanCount) }
      json.column("errors", traces) { Int64($0.errorCount) }
      json.column("marks", traces) { ($0.rootFailed ? 1 : 0) + (paged.contains($0.id) ? 2 : 0) }
      json.column("root", traces) { tables.number(of: $0.root) }
      json.column("text", traces) { tables.number(of: $0.errorText) }
      var lists = NumberedLists()
      let shapes = traces.map { lists.number($0.operations.map(tables.number)) }
      let failing = traces.map { lists.number($0.failing.map(tables.number)) }
      let values = traces.map { trace in
        lists.number(trace.attributes.filter { !rareKeys.contains($0.key.index) }.compactMap(tables.number))
      }
      let rare = traces.map { trace in
        lists.number(trace.attributes.filter { rareKeys.contains($0.key.index) }.compactMap(tables.number))
      }
      json.column("shape", shapes) { $0 }
      json.column("failing", failing) { $0 }
      json.column("values", values) { $0 }
      json.column("rare", rare) { $0 }
      json.key("lists")
      json.array { json in
        for list in lists.lists {
          json.array { json in
            for number in list { json.integer(number) }
          }
        }
      }
    }
    let out = ByteBuilder(capacity: json.bytes.count + 64)
    out.append("tracebookPart(\"\(date)\",\(number),")
    ScriptText.append(json.bytes, to: out)
    out.append(");\n" as StaticString)
    return out.bytes
  }
}

/// Lists of numbers, equal ones once.
private struct NumberedLists {
  private(set) var lists: [[Int64]] = []
  private var numbers: [[Int64]: Int64] = [:]

  mutating func number(_ list: [Int64]) -> Int64 {
    let sorted = list.sorted()
    if let known = numbers[sorted] { return known }
    numbers[sorted] = Int64(lists.count)
    lists.append(sorted)
    return Int64(lists.count - 1)
  }
}

extension JSONWriter {
  fileprivate mutating func column<Elements: Sequence>(
    _ name: StaticString, _ elements: Elements, _ value: (Elements.Element) -> Int64
  ) {
    key(name)
    array { json in
      for element in elements { json.integer(value(element)) }
    }
  }
}
