import TraceAnalysis
import TraceModel

/// Audits, clocks and propagation made up by hand: a row for every check and every sign.
enum QualityFixture {
  static func fill(_ quality: inout QualityResult, _ evidence: Evidence) {
    for (number, check) in AuditCheck.allCases.enumerated() {
      var audit = AuditResult(check, service: number % 5 == 0 ? "" : "payment")
      audit.count = 10 + number
      audit.total = 1_000
      audit.subjects = (0..<number % 7).map {
        AuditResult.Subject(text: "operation <\($0)>", advice: $0 % 2 == 0 ? "name & more" : "", count: $0)
      }
      audit.evidence = number % 2 == 0 ? evidence : nil
      audit.isSampled = number % 3 == 0
      quality.audits.append(audit)
    }
    for sign in PropagationFault.Sign.allCases {
      var fault = PropagationFault(sign)
      fault.service = "payment"
      fault.operation = sign == .weakTraceID ? "" : "charge"
      fault.usualCaller = sign == .loneServer ? "order" : ""
      fault.count = 3
      fault.total = 1_000
      fault.evidence = evidence
      quality.propagation.append(fault)
    }
    var pair = HostPair()
    pair.host = "warehouse-1"
    pair.against = "gateway-1"
    pair.count = 78_853
    pair.mean = Nanoseconds(-120_000_000)
    pair.most = Nanoseconds(5)
    pair.evidence = evidence
    quality.hostPairs = [pair]
    var one = ServiceInstrumentation()
    one.service = "payment"
    one.sampledSpans = 100
    one.cleanSpans = 40
    one.scopes = (0..<6).map {
      .init(name: $0 == 0 ? "" : "io.scope.\($0)", version: "1", isAutomatic: $0 > 2, count: 10)
    }
    one.kits = (0..<6).map { "opentelemetry java 1.\($0)" }
    quality.instrumentation = [one]
    quality.joined = [JoinedThings(words: "services", rest: "(other services)", count: 9_000)]
    quality.narrowTraces = 12
    quality.sample.traces = 120
    quality.sample.spans = 11_000
  }
}
