import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Instrumentation audit")
struct AuditTests {
  private func conclusions(_ drafts: [SpanDraft]) -> Conclusions {
    let walk = TraceWalk(SpanStore.of(drafts, readers: 2), options: AssemblyOptions(), threads: 2)
    let digest = Digest(observing: walk)
    var conclusions = digest.conclude()
    conclusions.add(walk.audit(digest, pages: ChosenTraces([], of: walk)))
    return conclusions
  }

  /// Check, service, count and the first things with what to write instead.
  private func audits(_ drafts: [SpanDraft], _ check: AuditCheck) -> [String] {
    conclusions(drafts).quality.audits.filter { $0.check == check }.map { audit in
      let subjects = audit.subjects.map { "\($0.text)>\($0.advice)" }.joined(separator: " ")
      return "\(audit.service) \(audit.count)/\(audit.total) \(subjects)"
    }
  }

  private func spans(_ count: Int, _ change: (Int, inout SpanDraft) -> Void) -> [SpanDraft] {
    (0..<count).map { number in
      var draft = SpanDraft(
        1, TraceBuilder.origin + Int64(number) * 1_000_000,
        TraceBuilder.origin + Int64(number) * 1_000_000 + 5)
      draft.trace = TraceID(high: 9, low: UInt64(number + 1))
      draft.kind = .server
      change(number, &draft)
      return draft
    }
  }

  @Test(
    "finds ids in names, as whole words only",
    arguments: [
      ("GET /users/4711/orders", "GET /users/{id}/orders"), ("GET /v1/s3", nil),
      ("job 0b5c9a7e", "job {id}"), ("job 550e8400-e29b-41d4-a716-446655440000", "job {id}"),
      ("mail to bob@example.org", "mail to {id}"), ("deadbeef", nil), ("", nil), ("http2 push", nil),
    ])
  func idsInNames(name: String, expected: String?) {
    #expect(NameForm.normalised(name) == expected)
  }

  @Test("names with ids are told with what to write instead")
  func nameHasID() {
    let drafts = spans(3) { $1.name = "GET /orders/\(100 + $0)" }
    #expect(
      audits(drafts, .nameHasID) == [
        "service 3/3 GET /orders/100>GET /orders/{id} GET /orders/101>GET /orders/{id} GET /orders/102>GET /orders/{id}"
      ])
  }

  @Test("one name for fewer than ten spans is too many, from 200 spans on")
  func cardinality() {
    let drafts = spans(240) { $1.name = "call \(Character(UnicodeScalar(UInt8(0x41 + $0 % 26))))\($0 / 26)x" }
    #expect(conclusions(drafts).quality.audits.contains { $0.check == .nameCardinality && $0.count == 240 })
    #expect(audits(Array(drafts.prefix(199)), .nameCardinality) == [])
  }

  @Test("old keys are told with the new one, and whether both are written")
  func oldKeys() {
    let drafts = spans(2) { number, draft in
      draft.attributes = [("http.method", "GET"), ("db.user", "me")]
      if number == 1 { draft.attributes = [("http.method", "GET"), ("http.request.method", "GET")] }
    }
    #expect(
      audits(drafts, .oldKeys) == [
        "service 2/2 db.user>dropped http.method>http.request.method "
          + "http.method>http.request.method (written beside it)"
      ])
  }

  @Test("keys without a namespace or in another form are outside the conventions")
  func ownKeys() {
    let drafts = spans(1) { _, draft in
      draft.attributes = [
        ("customerName", "x"), ("shop.order_id", "1"), ("http.request.header.X-Id", "1"), ("error.type", "x"),
        ("Shop.ID", "1"), ("component", "net/http"),
      ]
    }
    #expect(audits(drafts, .ownKeys) == ["service 1/1 Shop.ID> customerName>"])
  }

  @Test(
    "secrets are known by key and by form",
    arguments: [
      ("http.request.header.authorization", "x", true), ("db.password", "x", true),
      ("gen_ai.usage.input_tokens", "12", false), ("note", "Bearer abcdefgh", true),
      ("card", "4111 1111 1111 1111", true), ("number", "4111 1111 1111 1112", false),
      ("mail", "bob@example.org", true), ("package", "left-pad@1.3.0", false),
      ("url.full", "https://bob:secret@example.org/", true), ("url.full", "https://example.org/a?b", false),
      ("db.query.text", "select * from t where id = ?", false),
      ("db.query.text", "select * from t where id = 17", true),
      ("db.statement", "select 'x'", true),
    ])
  func secrets(key: String, value: String, expected: Bool) {
    let found = audits(spans(1) { $1.attributes = [(key, value)] }, .sensitive)
    #expect(found.isEmpty == !expected, "\(key)=\(value): \(found)")
  }

  @Test("recorded traceparent values are checked, and compared with their trace")
  func traceParents() {
    let id = TraceID(high: 9, low: 1).description
    let values = [
      ("00-\(id)-00f067aa0ba902b7-01", ""), ("00-\(id)-00f067aa0ba902b7", "refused by W3C rules"),
      ("00-\(TraceID(high: 1, low: 2))-00f067aa0ba902b7-01", "names another trace"),
    ]
    for (value, fault) in values {
      let drafts = spans(1) { $1.attributes = [("http.request.header.traceparent", value)] }
      let expected = fault.isEmpty ? [] : ["service 1/1 http.request.header.traceparent>\(fault)"]
      #expect(audits(drafts, .propagation) == expected)
    }
    let twice = #"{"values":[{"stringValue":"a"},{"stringValue":"b"}]}"#
    #expect(RecordedTraceParent.fault(.array(json: twice), of: .absent) == "sent 2 times")
  }

  @Test("limits: 1,000 spans a trace, one hour a span, 100 attributes a span")
  func limits() {
    let start = TraceBuilder.origin
    var drafts = [SpanDraft(1, start, start + 3_600_000_000_001)]
    for number in 2...1_001 {
      drafts.append(SpanDraft(UInt64(number), parent: 1, start, start + 1).with { $0.name = "row" })
    }
    drafts[1].attributes = (0...100).map { ("a.b\($0)", "") }
    #expect(audits(drafts, .tooManySpans) == ["service 1/1 row>up to 1,001\u{a0}spans"])
    #expect(audits(drafts, .longSpan) == ["service 1/1001 operation>up to 1\u{a0}h"])
    #expect(audits(drafts, .tooManyTags) == ["service 1/1001 row>up to 101\u{a0}attributes"])
    drafts[0].end -= 1
    drafts[1].attributes.removeLast()
    #expect(audits(Array(drafts.dropLast()), .tooManySpans) == [])
    #expect(audits(drafts, .longSpan) == [])
    #expect(audits(drafts, .tooManyTags) == [])
  }

  @Test("spans without service, name, kind and version are told of")
  func missing() {
    let drafts = spans(2) { number, draft in
      draft.service = number == 0 ? "" : "unknown_service:java"
      draft.name = number == 0 ? "" : "x"
      draft.kind = .unspecified
    }
    #expect(audits(drafts, .missingService) == [" 1/1 >", "unknown_service:java 1/1 x>"])
    #expect(audits(drafts, .emptyName) == [" 1/1 "])
    #expect(
      audits(drafts, .missingKind) == [
        " 1/1 >SERVER or CONSUMER", "unknown_service:java 1/1 x>SERVER or CONSUMER",
      ])
    #expect(audits(drafts, .noVersion) == ["unknown_service:java 1/1 "])
    #expect(audits(spans(1) { $1.resource = [("service.version", "1")] }, .noVersion) == [])
  }

  @Test("clocks are told by pair of hosts, with the shift")
  func hostPairs() {
    let drafts = TraceBuilder(
      """
      client  |==============|      client host=a
       server     |=====|           server host=b
        local      |==|             service=server host=b
      """
    ).drafts.map { draft in
      draft.with {
        if $0.id > 1 {
          $0.start -= 1_000_000_000
          $0.end -= 1_000_000_000
        }
      }
    }
    let pairs = conclusions(drafts).quality.hostPairs
    #expect(pairs.map { "\($0.host) \($0.against) \($0.count)" } == ["b a 2"])
    #expect(pairs.first?.mean == pairs.first?.most)
    #expect((pairs.first?.mean.rawValue ?? 0) > 990_000_000)
  }

  @Test("orphans, servers that begin traces though others call them, and consumers without links")
  func propagation() {
    var drafts = TraceBuilder(
      """
      shop    |=====|   client
       pay     |==|     server
      """
    ).drafts
    drafts += spans(3) { number, draft in
      draft.service = "pay"
      draft.name = "pay"
      if number == 1 { draft.parent = 77 }
      if number == 2 { draft.kind = .consumer }
    }
    let faults = conclusions(drafts).quality.propagation
    #expect(
      faults.map { "\($0.sign.rawValue) \($0.service) \($0.usualCaller) \($0.count)" } == [
        "lone-server pay shop 1", "missing-caller pay shop 1", "unlinked-consumer pay shop 1",
      ])
  }

  @Test("a call to a reporting service without a server span, and a server below no client, are told of")
  func oneSided() {
    let drafts = TraceBuilder(
      """
      shop    |==========|   server
       call    |==|          client service=shop
       pay          |==|     server
      """
    ).drafts.map { draft in draft.id == 2 ? draft.with { $0.attributes = [("peer.service", "pay")] } : draft }
    #expect(audits(drafts, .missingServer) == ["pay 1/1 pay>called by shop"])
    #expect(audits(drafts, .missingClient) == ["shop 1/2 shop>"])
  }

  @Test("a large store is sampled, and says so; the sample has the slowest span of each operation")
  func sampled() {
    let drafts = spans(21_000) { number, draft in
      draft.name = number == 20_500 ? "rare" : "usual"
      if draft.name == "rare" { draft.attributes = [("customerName", "x")] }
    }
    let found = conclusions(drafts).quality
    #expect(!found.sample.isEverything)
    #expect(found.sample.spans < 100)
    #expect(found.audits.contains { $0.check == .ownKeys && $0.isSampled && $0.count == 1 })
    #expect(conclusions(Array(drafts.prefix(20_000))).quality.sample.isEverything)
  }
}
