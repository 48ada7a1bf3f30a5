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

@Suite("What closer looks found out")
struct ProbeFindingsTests {
  private static func row(_ value: Int, _ count: Int, attribute: Int = 7) -> AttributeRow {
    var row = AttributeRow()
    row.attribute = Symbol(UInt32(attribute))
    row.value = Symbol(UInt32(value))
    row.count = count
    return row
  }

  @Test("values of several looks are added up, and rare ones dropped only then")
  func rare() {
    var first = ProbeFindings(textsAfter: 100)
    first.texts = ["true", "443"]
    first.attributes = [Self.row(50, 2), Self.row(51, 1), Self.row(100, 2), Self.row(101, 2)]
    var second = ProbeFindings(textsAfter: 100)
    second.texts = ["443"]
    second.attributes = [Self.row(50, 1), Self.row(51, 1), Self.row(100, 1)]
    var all = ProbeFindings(textsAfter: 100)
    all.append(first)
    all.append(second)
    all.dropRareValues()
    #expect(all.attributes.map(\.value.number) == [50, 101])
    #expect(all.attributes.map(\.count) == [3, 3])
    #expect(all.texts[1] == "443")
  }

  @Test("values that look the same and have other bytes stay apart, whichever look had them")
  func looks() {
    let (composed, decomposed) = ("Zo\u{eb}", "Zoe\u{308}")
    var first = ProbeFindings(textsAfter: 100)
    first.texts = ["first", composed, decomposed, "last"]
    first.attributes = (100..<104).map { Self.row($0, 1) }
    var second = ProbeFindings(textsAfter: 100)
    second.texts = ["last", decomposed]
    second.attributes = (100..<102).map { Self.row($0, 1) }
    var all = ProbeFindings(textsAfter: 100)
    all.append(first)
    all.append(second)
    let values = all.attributes.map { Array(all.texts[$0.value.number - 100].utf8) }
    let wanted = ["first", composed, decomposed, "last", "last", decomposed].map { Array($0.utf8) }
    #expect(values == wanted)
    #expect(all.texts.count == 4)
  }

  @Test("an attribute that one look gave up for its many values is given up for all")
  func varied() {
    var first = ProbeFindings(textsAfter: 100)
    first.variedAttributes = [AttributeOfService(service: .empty, attribute: Symbol(7))]
    var second = ProbeFindings(textsAfter: 100)
    second.attributes = [Self.row(50, 9), Self.row(50, 9, attribute: 8), Self.row(0, 20, attribute: 0)]
    var all = ProbeFindings(textsAfter: 100)
    all.append(first)
    all.append(second)
    all.dropRareValues()
    // The row without an attribute says how many there are in all.
    #expect(all.attributes.map(\.attribute.number) == [0, 8])
  }
}

@Suite("Attributes with too many values in all")
struct CrowdedAttributeTests {
  private struct Value {
    var attribute: UInt32
    var value: UInt32
  }

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

  /// The rows that looks at a share of the requests each find out together.
  private static func rows(_ requests: [[Value]], looks: Int, mostPairs: Int) -> [AttributeRow] {
    var findings = ProbeFindings(textsAfter: 100_000)
    for look in 0..<looks {
      var counter = AttributeCounter(mostPairs: mostPairs)
      for (number, request) in requests.enumerated() where number % looks == look {
        counter.begin()
        for value in request { counter.add(.empty, Symbol(value.attribute)) { Symbol(value.value) } }
        counter.count(in: ProbePlan.SetKey(set: .slow, place: Int32(number % 2)))
      }
      var part = ProbeFindings(textsAfter: 100_000)
      part.attributes = counter.rows()
      part.variedAttributes = counter.variedAttributes()
      part.hasTooManyValues = counter.hasTooMany
      findings.append(part)
    }
    findings.dropRareValues(mostPairs: mostPairs)
    return findings.attributes
  }

  @Test(
    "all are dropped, however many threads looked, and the sizes of the sets stay",
    arguments: 1...4 as ClosedRange<UInt64>)
  func limit(_ seed: UInt64) {
    let requests = Self.requests(seed)
    // Each value of few, and 41 of those of many.
    let values = Set(requests.flatMap { $0.filter { $0.attribute <= 8 }.map(\.value) }).count + 4 * 41
    for (limit, isKept) in [(values, true), (values - 1, false), (values / 2, false), (10, false)] {
      let one = Self.rows(requests, looks: 1, mostPairs: limit)
      #expect(one.contains { !$0.attribute.isEmpty } == isKept, "\(limit) of \(values)")
      #expect(one.filter(\.attribute.isEmpty).map(\.count) == [100, 100])
      for looks in 2...5 {
        let many = Self.rows(requests, looks: looks, mostPairs: limit)
        #expect(
          many.map(\.key) == one.map(\.key) && many.map(\.count) == one.map(\.count), "\(looks), \(limit)")
      }
    }
  }
}
