import TestSupport
import Testing
import TraceModel

@Suite("Critical path")
struct CriticalPathTests {
  private func strict() -> AssemblyOptions {
    var options = AssemblyOptions()
    options.criticalPath = .strict
    return options
  }

  @Test("the child that ends last is credited, then the one that ends before it starts")
  func sequence() {
    let trace = TraceBuilder(
      """
      gateway  |===================|
       auth      |===|
       orders         |==========|
      """
    ).assemble()
    #expect(
      trace.sections == [
        "gateway 0-2", "auth 2-6", "gateway 6-7", "orders 7-18", "gateway 18-20",
      ])
  }

  @Test("of two parallel children the one that ends later is credited, and the rest goes to the parent")
  func parallel() {
    let trace = TraceBuilder(
      """
      root   |===========|
       a      |=====|
       b         |=====|
      """
    ).assemble()
    #expect(trace.sections == ["root 0-4", "b 4-10", "root 10-12"])
  }

  @Test("of two touching children both are credited, under the strict rule only the later one")
  func touching() {
    let picture = TraceBuilder(
      """
      root   |==========|
       a      |===|
       b          |===|
      """)
    #expect(
      picture.assemble().sections == ["root 0-1", "a 1-5", "b 5-9", "root 9-11"])
    #expect(picture.assemble(strict()).sections == ["root 0-5", "b 5-9", "root 9-11"])
  }

  @Test("a child that outlives its parent is clipped at the parent's end")
  func clipped() {
    let trace = TraceBuilder(
      """
      root   |=====|
       a        |=======|
      """
    ).assemble()
    #expect(trace.sections == ["root 0-3", "a 3-6"])
    #expect(trace.warnings == ["child-outside-parent a"])
  }

  @Test("a child after its parent takes no part, with all below it")
  func dropped() {
    let trace = TraceBuilder(
      """
      root   |=====|
       late          |===|
        below         |=|
      """
    ).assemble()
    #expect(trace.sections == ["root 0-6"])
    #expect(trace.warnings == ["child-outside-parent late"])
    #expect(trace.selfTimes == ["root 6", "late 2", "below 2"])
  }

  @Test("a consumer under a producer does not keep it waiting, a consumer under anything else does")
  func consumers() {
    let messaging = TraceBuilder(
      """
      send    |=====|       producer
       take     |====|      consumer
        work     |==|
      """
    ).assemble()
    #expect(messaging.sections == ["send 0-6"])
    let call = TraceBuilder(
      """
      send    |=====|
       take     |==|   consumer
      """
    ).assemble()
    #expect(call.sections == ["send 0-2", "take 2-5", "send 5-6"])
  }

  @Test("a child without length is passed over, and is no endless loop")
  func zeroLength() {
    let trace = TraceBuilder(
      """
      root   |=====|
       a        |
       b           |
      """
    ).assemble()
    #expect(trace.sections == ["root 0-6"])
  }

  @Test("every root has a path; under the strict rule an orphan has none")
  func orphans() {
    let picture = TraceBuilder(
      """
      root     |====|
      orphan     |====|   parent=99
      """)
    #expect(picture.assemble().sections == ["root 0-5", "orphan 2-7"])
    #expect(picture.assemble(strict()).sections == ["root 0-5"])
  }
}
