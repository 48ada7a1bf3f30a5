import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// Our own rule for links, picture by picture.
@Suite("Links by Tracebook's rule")
struct TracebookLinkTests {
  private func links(_ drafts: [SpanDraft], _ rule: DependencyRule = .tracebook) -> [String] {
    let walk = TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 1)
    return rule.links(of: walk).map {
      "\($0.parent) → \($0.child) \($0.connectionType.rawValue) \($0.callCount)"
    }
  }

  private func links(_ picture: String, _ rule: DependencyRule = .tracebook) -> [String] {
    links(TraceBuilder(picture).drafts, rule)
  }

  @Test("client and server with two ids are one call")
  func pair() {
    #expect(
      links(
        """
        call     |=====|   client service=shop
         serve    |===|    server service=cart
        """) == ["shop → cart rpc 1"])
  }

  @Test("client and server that share an id are one call")
  func shared() {
    #expect(
      links(
        """
        call     |=====|   client service=shop id=5
        serve     |===|    server service=cart id=5 shared
        """) == ["shop → cart rpc 1"])
  }

  @Test("hops of other kinds in between, absent halves and absent kinds make no difference")
  func hops() {
    #expect(
      links(
        """
        call     |=====|   client service=shop
         hop      |===|    service=shop
          serve   |==|     server service=cart
        """) == ["shop → cart rpc 1"])
    #expect(
      links(
        """
        handle   |=====|   server service=shop
         serve    |===|    server service=cart
        """) == ["shop → cart rpc 1"])
    #expect(
      links(
        """
        a   |=====|   unspecified service=shop
         b   |===|    unspecified service=cart
          c  |==|     unspecified service=cart
        """) == ["shop → cart rpc 1"])
  }

  @Test("a call to itself counts once, work inside a service does not")
  func itself() {
    #expect(
      links(
        """
        call     |=====|   client service=shop
         serve    |===|    server service=shop
          work    |==|     service=shop
        """) == ["shop → shop rpc 1"])
  }

  @Test("two answers to one client are two calls")
  func retry() {
    #expect(
      links(
        """
        call     |=======|   client service=shop
         first    |==|       server service=cart
         second      |==|    server service=cart
        """) == ["shop → cart rpc 2"])
  }

  @Test("a client without an answer calls its peer, the inner one of two wrapped ones only")
  func lone() {
    var drafts = TraceBuilder(
      """
      handle    |=========|  server service=shop
       sdk       |======|    client service=shop
        http      |====|     client service=shop
      """
    ).drafts
    #expect(links(drafts).isEmpty)
    drafts[1].attributes = [("peer.service", "wrapped")]
    drafts[2].attributes = [("peer.service", "payments")]
    #expect(links(drafts) == ["shop → payments virtual_node 1"])
  }

  @Test(
    "the peer is named by the first attribute that exists, without its port",
    arguments: [
      ([("server.address", "pay.example"), ("peer.service", "payments")], "payments virtual_node"),
      ([("http.url", "https://user@pay.example:8443/charge?x=1")], "pay.example virtual_node"),
      ([("net.peer.name", "pay.example:8443")], "pay.example virtual_node"),
      ([("url.full", "http://[::1]:80/")], "::1 virtual_node"),
      ([("network.peer.address", "10.0.0.9")], "10.0.0.9 virtual_node"),
      ([("db.system", "postgresql"), ("db.name", "orders")], "orders database"),
      ([("db.system.name", "postgresql")], "postgresql database"),
      ([("db.system", "redis"), ("server.address", "cache")], "cache database"),
    ])
  func names(_ attributes: [(key: String, value: String)], _ expected: String) {
    var draft = TraceBuilder("call |==| client service=shop").drafts[0]
    draft.attributes = attributes
    #expect(links([draft]) == ["shop → \(expected) 1"])
  }

  @Test("a root that names its caller is called by it, one that does not is only an entry")
  func callers() {
    var draft = TraceBuilder("serve |==| server service=shop").drafts[0]
    #expect(links([draft]).isEmpty)
    draft.attributes = [("peer.service", "browser")]
    #expect(links([draft]) == ["browser → shop virtual_node 1"])
  }

  @Test("producer and consumer are linked directly, by parent or by span link")
  func messages() {
    #expect(
      links(
        """
        send      |==|            producer service=shop
         receive       |=====|    consumer service=mail
        """) == ["shop → mail messaging_system 1"])
    var send = TraceBuilder("send |==| producer service=shop").drafts[0]
    send.trace = TraceID(high: 0, low: 1)
    send.attributes = [("messaging.system", "kafka"), ("messaging.destination.name", "orders")]
    var receive = TraceBuilder("receive |==| consumer service=mail").drafts[0]
    receive.trace = TraceID(high: 0, low: 2)
    receive.attributes = send.attributes
    #expect(
      links([send, receive]) == [
        "kafka:orders → mail messaging_system 1", "shop → kafka:orders messaging_system 1",
      ])
    receive.references = [(.link, send.trace, send.id)]
    #expect(links([send, receive]) == ["shop → mail messaging_system 1"])
    receive.references.append((.link, TraceID(high: 0, low: 3), 77))
    #expect(links([send, receive]) == ["shop → mail messaging_system 1"])
  }

  @Test("both witnesses are counted apart, and latency is the caller's, exactly")
  func witnesses() throws {
    let drafts = TraceBuilder(
      """
      call     |=======|   client error service=shop
       serve    |===|      server service=cart
      """
    ).drafts
    let walk = TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 1)
    let link = try #require(DependencyRule.tracebook.links(of: walk).first)
    #expect(link.errorCount == 0)
    #expect(link.clientErrorCount == 1)
    #expect(link.latency.p50 == .milliseconds(8))
  }

  @Test("percentiles are exact")
  func percentiles() throws {
    let drafts = (1...20 as ClosedRange<UInt64>).flatMap { number -> [SpanDraft] in
      var drafts = TraceBuilder(
        """
        call   |===|   client service=shop
         serve  |=|    server service=cart
        """
      ).drafts
      for place in drafts.indices { drafts[place].trace = TraceID(high: 0, low: number) }
      drafts[0].end = drafts[0].start + Int64(number) * 10_000_000
      return drafts
    }
    let walk = TraceWalk(SpanStore.of(drafts), options: AssemblyOptions(), threads: 1)
    let link = try #require(DependencyRule.tracebook.links(of: walk).first)
    #expect(link.latency.p50 == .milliseconds(100))
    #expect(link.latency.p95 == .milliseconds(190))
    #expect(link.latency.p99 == .milliseconds(200))
  }

  @Test("what other rules make of a lone client")
  func otherRules() {
    var draft = TraceBuilder("call |==| client service=shop").drafts[0]
    #expect(links([draft], .servicegraph) == ["shop → unknown virtual_node 1"])
    #expect(links([draft], .zipkin).isEmpty)
    #expect(links([draft], .jaeger).isEmpty)
    draft.attributes = [("peer.service", "Payments")]
    #expect(links([draft], .servicegraph) == ["shop → Payments virtual_node 1"])
    #expect(links([draft], .zipkin) == ["shop → payments rpc 1"])
  }
}
