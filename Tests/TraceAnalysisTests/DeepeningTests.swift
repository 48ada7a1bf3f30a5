import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("What if")
struct RetimingTests {
  /// Lengths in columns if each named service's own part took so many percent less.
  private func lengths(_ picture: String, _ service: String, _ percents: [Int64]) -> [Int64] {
    let assembled = TraceBuilder(picture).assemble()
    var retiming = Retiming()
    retiming.prepare(assembled.trace) { place in
      assembled.store.symbols.text(assembled.trace.spans[place].service) == service ? 1 : 0
    }
    return percents.map {
      retiming.length(assembled.trace, service: 1, less: $0) / TraceBuilder.column
    }
  }

  @Test("calls in sequence: what one saves the request saves")
  func sequence() {
    let picture = """
      gateway  |===================|
       auth      |===|
       orders         |==========|
      """
    #expect(lengths(picture, "orders", [0, 50, 100]) == [20, 14, 9])
    #expect(lengths(picture, "auth", [100]) == [16])
    #expect(lengths(picture, "gateway", [100]) == [15])
  }

  @Test("calls at once: the saving ends where the other one still runs")
  func parallel() {
    let picture = """
      gateway  |=============|
       slow      |=========|
       quick     |=====|
      """
    #expect(lengths(picture, "slow", [0, 10, 100]) == [14, 13, 10])
    #expect(lengths(picture, "quick", [100]) == [14])
  }

  @Test("what starts after another has ended keeps its distance to it")
  func chain() {
    let picture = """
      gateway  |==================|
       long      |=============|
       first     |===|
       second         |======|
      """
    // The long one ends last whatever the others do; without it, the second one does.
    #expect(lengths(picture, "first", [100]) == [19])
    #expect(lengths(picture, "long", [100]) == [17])
  }

  @Test("without a change every request takes as long as it does", arguments: 1...8 as ClosedRange<UInt64>)
  func identity(_ seed: UInt64) {
    let store = SpanStore.of(RandomTraces.drafts(seed: seed, traces: 40))
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    var retiming = Retiming()
    var earlier: Int64 = 0
    walk.assemble(traceIDs: walk.partitions.groups.joined().map(\.id)) { trace in
      retiming.prepare(trace) { trace.spans[$0].service.index % 2 == 0 ? 1 : 0 }
      #expect(retiming.length(trace, service: 1, less: 0) == trace.rootDuration.rawValue)
      earlier = trace.rootDuration.rawValue
      for percent in [10, 25, 50, 100] as [Int64] {
        let length = retiming.length(trace, service: 1, less: percent)
        #expect(length <= earlier && length >= 0)
        earlier = length
      }
    }
  }

  @Test("of the shop: payment twice as fast saves half of its part")
  func shop() throws {
    let entry = try #require(
      ShopTests.conclusions.entryPoints.first { $0.operation == "GET /api/orders/<id>" })
    let half = try #require(entry.whatIf.first { $0.service == "payment" && $0.percent == 50 })
    let saved = (half.meanBefore - half.meanAfter).rawValue
    #expect(abs(saved - 116_000_000) < 5_000_000)
    #expect(entry.whatIf.first?.service == "payment")
  }
}

@Suite("What requests share")
struct SharedValueTests {
  @Test("the release that fails is found among the values of the shop")
  func version() throws {
    let group = try #require(ShopTests.conclusions.errorGroups.first { $0.service == "payment" })
    let value = try #require(group.shared.first)
    #expect(value.service == "payment" && value.key == "service.version" && value.value == "2.4.0")
    #expect(value.count == 13 && value.total == 14)
    #expect(value.isSignificant)
    #expect(value.alike.contains("payment service.instance.id=payment-2"))
    #expect(
      ShopTests.conclusions.findings.contains { $0.kind == "attribute-skew" && $0.service == "payment" })
  }

  @Test("Fisher's test agrees with counting")
  func fisher() {
    #expect(abs(FisherTest.chance(3, of: 4, 1, of: 4) - 17.0 / 70) < 1e-9)
    #expect(abs(FisherTest.chance(4, of: 4, 0, of: 4) - 1.0 / 70) < 1e-9)
    #expect(FisherTest.chance(0, of: 10, 0, of: 10) == 1)
    #expect(abs(FisherTest.chance(0, of: 5, 3, of: 5) - 1) < 1e-9)
    #expect(FisherTest.chance(50, of: 50, 0, of: 500) < 1e-50)
  }

  @Test("samples do not depend on order")
  func samples() {
    var random = SeededGenerator(seed: 5)
    let ids = (0..<400 as Range<UInt64>).map { TraceID(high: $0 % 3, low: $0) }
    var forwards = BottomSample(size: 12)
    for id in ids { forwards.add(1, id) }
    var shuffled = BottomSample(size: 12)
    for id in ids.shuffled(using: &random) { shuffled.add(1, id) }
    #expect(forwards.traces(1) == shuffled.traces(1))
    #expect(forwards.traces(1).count == 12)
    #expect(forwards.traces(0).isEmpty)
    #expect(forwards.traces(1).map(\.hash) == ids.map { ProbedTrace($0).hash }.sorted().prefix(12).map { $0 })
  }
}

@Suite("Values of attributes that requests carry")
struct AttributeCounterTests {
  private struct Value {
    var attribute: UInt32
    var value: UInt32
  }

  private static let sets = [
    ProbePlan.SetKey(set: .slow, place: 0), ProbePlan.SetKey(set: .slow, place: 1),
    ProbePlan.SetKey(set: .errorGroup, place: 0),
  ]

  /// What requests carry: some attributes with few values, and some with more than are told apart.
  private static func requests(_ seed: UInt64) -> [[Value]] {
    var random = SeededGenerator(seed: seed)
    return (0..<200).map { _ in
      (1...12).map { attribute in
        Value(
          attribute: attribute,
          value: attribute * 1_000 + UInt32.random(in: 0..<(attribute > 8 ? 300 : attribute), using: &random))
      }
    }
  }

  /// Requests are counted in the first set or the second, and each third in the last one, too.
  private static func rows(_ requests: [[Value]], mostPairs: Int = 10_000, mostRows: Int = 10_000)
    -> [AttributeRow]
  {
    var counter = AttributeCounter(sets: sets, mostPairs: mostPairs, mostRows: mostRows)
    for request in requests {
      counter.begin()
      for value in request { counter.add(.empty, Symbol(value.attribute)) { Symbol(value.value) } }
      let lot = request.reduce(0) { $0 + Int($1.value) }
      counter.count(in: lot % 2)
      if lot % 3 == 0 { counter.count(in: 2) }
    }
    return counter.rows().sorted { $0.key < $1.key }
  }

  @Test("counts are those of looking at each value alone", arguments: 1...4 as ClosedRange<UInt64>)
  func naive(_ seed: UInt64) {
    let requests = Self.requests(seed)
    let lots = requests.map { request in request.reduce(0) { $0 + Int($1.value) } }
    func counts(_ value: UInt32) -> [Int] {
      let of = zip(requests, lots).filter { $0.0.contains { $0.value == value } }.map(\.1)
      return [of.count { $0 % 2 == 0 }, of.count { $0 % 2 == 1 }, of.count { $0 % 3 == 0 }]
    }
    var wanted: [[Int]] = [[0, 0, lots.count { $0 % 2 == 0 }], [1, 1, lots.count { $0 % 2 == 1 }]]
    wanted.append([2, 0, lots.count { $0 % 3 == 0 }])
    // Of attributes with more than 40 values nothing is told, nor values on fewer than three requests of any set.
    for value in Set(requests.joined().filter { $0.attribute <= 8 }.map(\.value)) {
      let counts = counts(value)
      guard (counts.max() ?? 0) >= 3 else { continue }
      for (set, count) in counts.enumerated() where count > 0 {
        wanted.append([set, Int(value), count])
      }
    }
    let rows = Self.rows(requests).map { row in
      let set = Self.sets.firstIndex { $0.set == row.set && $0.place == row.place } ?? -1
      return row.attribute.isEmpty ? [set, set % 2, row.count] : [set, row.value.number, row.count]
    }
    #expect(Set(rows) == Set(wanted))
    #expect(rows.count == wanted.count)
  }

  @Test(
    "with too many values or rows all are dropped, in whichever order they came, and the sizes of the sets stay",
    arguments: 1...4 as ClosedRange<UInt64>)
  func limit(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let requests = Self.requests(seed)
    // Each value of few, and 41 of those of many.
    let values = Set(requests.flatMap { $0.filter { $0.attribute <= 8 }.map(\.value) }).count + 4 * 41
    let all = Self.rows(requests)
    for (pairs, rows, isKept) in [
      (values, all.count, true), (values - 1, all.count, false), (values, all.count - 1, false),
      (10, 10, false),
    ] {
      for _ in 0..<4 {
        let some = Self.rows(requests.shuffled(using: &random), mostPairs: pairs, mostRows: rows)
        let wanted = isKept ? all : all.filter(\.attribute.isEmpty)
        #expect(some.map(\.key) == wanted.map(\.key) && some.map(\.count) == wanted.map(\.count))
      }
    }
  }

  @Test("a value that a request carries twice counts once")
  func twice() {
    let value = Value(attribute: 1, value: 9)
    let rows = Self.rows(Array(repeating: [value, value], count: 5))
    #expect(rows.filter { !$0.attribute.isEmpty }.map(\.count) == [5, 5])
  }
}
