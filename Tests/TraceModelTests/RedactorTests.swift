import TestSupport
import Testing
import TraceModel

@Suite("Redaction")
struct RedactorTests {
  @Test(
    "secrets within texts are replaced, the rest stays",
    arguments: [
      ("login failed: password=hunter2 for bob", "login failed: password=‹redacted› for bob"),
      ("Authorization: Bearer abc.def-123", "Authorization: ‹redacted›"),
      ("sent Bearer abc.DEF123 to x", "sent Bearer ‹redacted› to x"),
      ("basic authentication is needed", "basic authentication is needed"),
      ("{\"token\":\"abc\",\"n\":1}", "{\"token\":\"‹redacted›\",\"n\":1}"),
      ("https://bob:secret@example.org/a", "https://‹redacted›@example.org/a"),
      ("https://example.org/a?b=c", "https://example.org/a?b=c"),
      ("Set-Cookie: sid=1; Path=/", "Set-Cookie: ‹redacted›; Path=/"),
      ("the token is missing", "the token is missing"), ("api_key='x y'", "api_key='‹redacted›'"),
      ("card 4111111111111111 refused", "card ‹redacted› refused"),
      ("order 4711 failed", "order 4711 failed"),
      ("eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl", "‹redacted›"), ("", ""), ("password=", "password="),
      ("größe=1 pässword", "größe=1 pässword"),
    ])
  func texts(text: String, expected: String) {
    #expect(Redactor().text(text) == expected)
  }

  @Test("values by key: secrets as a whole, literals of queries, values of query strings")
  func values() {
    let redactor = Redactor()
    #expect(redactor.value("abc", key: "http.request.header.Authorization") == "‹redacted, 3 characters›")
    #expect(
      redactor.value("select * from t1 where id = 17 and n='it''s' and p=$1", key: "db.query.text")
        == "select * from t1 where id = ? and n=? and p=$1")
    #expect(
      redactor.value("https://x.org/a?user=bob&t=1#f", key: "url.full")
        == "https://x.org/a?user=‹redacted›&t=‹redacted›#f")
    #expect(redactor.value("user=bob", key: "url.query") == "user=‹redacted›")
    #expect(redactor.value("bob", key: "customer.name") == "bob")
  }

  @Test("rules by key and by value")
  func rules() throws {
    var redactor = Redactor()
    redactor.rules = [
      try #require(Redactor.Rule("key=customer.*")), try #require(Redactor.Rule("region=eu-?")),
    ]
    #expect(redactor.value("bob", key: "Customer.Name") == "‹redacted, 3 characters›")
    #expect(redactor.value("eu-1", key: "region") == "‹redacted, 4 characters›")
    #expect(redactor.value("us-1", key: "region") == "us-1")
    #expect(Redactor.Rule("nothing") == nil)
    #expect(Redactor.Rule("=x") == nil)
  }

  @Test("patterns match whole texts, in any case")
  func globs() {
    #expect(Glob("a*b*").matches("AxxBc"))
    #expect(!Glob("a*b").matches("abc"))
    #expect(Glob("*").matches(""))
    #expect(!Glob("?").matches(""))
    #expect(!Glob(String(repeating: "a*", count: 200) + "b").matches(String(repeating: "a", count: 2_000)))
  }

  @Test("a redacted store assembles to the same trees, and holds no secret any more")
  func stores() {
    var drafts = TraceBuilder(
      """
      gateway  |===================|  server
       auth      |===|                client error zipkin
       auth       |=|                 server shared zipkin id=2
       orders         |==========|    host=b
      """
    ).drafts
    drafts[0].attributes = [("http.request.header.cookie", "sid=hunter2"), ("note", "password=hunter2")]
    drafts[3].events = [(TraceBuilder.origin + 5, "token=hunter2")]
    drafts[3].resource.append(("db.password", "hunter2"))
    let before = AssembledTrace(SpanStore.of(drafts))
    let store = SpanStore.redacted([before.trace], of: SpanStore.of(drafts), by: Redactor())
    let after = AssembledTrace(store)
    #expect(after.tree == before.tree)
    #expect(after.bars == before.bars)
    #expect(after.warnings == before.warnings)
    for number in 0..<store.symbols.count {
      #expect(!store.symbols.text(Symbol(UInt32(number))).contains("hunter2"))
    }
  }
}
