import TestSupport
import Testing
import TraceModel

@Suite("Clock skew")
struct ClockSkewTests {
  private func options(_ rule: SkewRule = .auto, limit columns: Int64? = nil) -> AssemblyOptions {
    var options = AssemblyOptions()
    options.skew = rule
    options.largestSkew = columns.map { Nanoseconds($0 * TraceBuilder.column) }
    return options
  }

  private let early = TraceBuilder(
    """
    client          |==========|   client host=a
     server  |======|              server host=b
      local    |==|                host=b
      back              |==|       host=a
    """)

  @Test("a server that starts before its client is centred, and its host's spans with it")
  func centred() {
    let trace = early.assemble()
    #expect(trace.bars == ["client 0-11", "server 2-9", "local 4-7", "back 4-7"])
    #expect(trace.warnings == ["clock-skew-adjusted server", "clock-skew-adjusted local"])
    #expect(trace.trace.warnings.first?.message == "moved by 9 ms against a")
    #expect(trace.trace.spans.map(\.adjustedBy.rawValue) == [0, 9_000_000, 9_000_000, 0])
  }

  @Test("off leaves everything where it was reported")
  func off() {
    #expect(early.assemble(options(.off)).trace.spans.allSatisfy { $0.adjustedBy == .zero })
  }

  @Test("a shift above the limit is refused, one at the limit applied, and 0 refuses all")
  func limit() {
    #expect(early.assemble(options(limit: 9)).bars.contains("server 2-9"))
    for columns in [8, 0] as [Int64] {
      let trace = early.assemble(options(limit: columns))
      #expect(trace.bars.contains("server -7-0"))
      #expect(trace.warnings.contains("clock-skew-too-large server"))
    }
  }

  @Test("a child that merely ends after its parent is left where it is")
  func late() {
    let trace = TraceBuilder(
      """
      client   |=====|       client host=a
       server     |======|   server host=b
      """
    ).assemble()
    #expect(trace.bars == ["client 0-6", "server 3-10"])
    #expect(trace.warnings == ["child-outside-parent server"])
  }

  @Test("a server that starts after its client has ended is moved, unless the client failed")
  func after() {
    let picture = """
      client   |=====|             client host=a
       server            |===|     server host=b
      """
    #expect(TraceBuilder(picture).assemble().bars == ["client 0-6", "server 1-5"])
    let failed = TraceBuilder(picture.replacing("client host", with: "client error host")).assemble()
    #expect(failed.bars == ["client 0-6", "server 10-14"])
  }

  @Test("nothing is proved by messaging, by FOLLOWS_FROM, or without hosts")
  func unproved() {
    for words in [
      ("producer host=a", "consumer host=b"), ("client host=a", "server host=b follows"),
      ("client", "server"),
      ("client host=a", "server host=a"),
    ] {
      let trace = TraceBuilder(
        """
        parent      |=====|   \(words.0)
         child   |==|         \(words.1)
        """
      ).assemble()
      #expect(trace.trace.spans.allSatisfy { $0.adjustedBy == .zero }, "\(words)")
    }
  }

  @Test("a child longer than its parent starts with it")
  func longer() {
    let trace = TraceBuilder(
      """
      client     |===|      client host=a
       server  |=======|    server host=b
      """
    ).assemble()
    #expect(trace.bars == ["client 0-4", "server 0-8"])
  }

  @Test("a span of an unknown host in the parent's service moves with it, in another it stays")
  func unknownHost() {
    let trace = TraceBuilder(
      """
      client          |==========|   client host=a
       server  |======|              server host=b
        same     |==|                service=server
        other    |==|                service=else
      """
    ).assemble()
    #expect(trace.shifts == ["client 0", "other 0", "same 9", "server 9"])
  }

  @Test("Zipkin's rule goes by address, and needs exactly one true root")
  func zipkin() {
    let picture = """
      web             |==========|   zipkin client ip=10.0.0.1
       api     |======|              zipkin server ip=10.0.0.2
        local    |==|                zipkin ip=10.0.0.2
      """
    #expect(TraceBuilder(picture).assemble(options(.zipkin)).bars == ["web 0-11", "api 2-9", "local 4-7"])
    let second = picture + "\nroot  |==|  zipkin ip=10.0.0.9"
    let trace = TraceBuilder(second).assemble(options(.zipkin))
    #expect(trace.trace.spans.allSatisfy { $0.adjustedBy == .zero })
  }

  @Test("Jaeger's rule measures every child of another host, the late one too")
  func jaeger() {
    let trace = TraceBuilder(
      """
      client   |=====|       host=a
       server     |====|     host=b
      """
    ).assemble(options(.jaeger))
    #expect(trace.trace.spans[1].adjustedBy.rawValue == -2_500_000)
  }
}
