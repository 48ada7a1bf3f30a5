package import TraceModel

/// What was repaired, and what is doubtful, over all archives.
package struct QualityResult: Sendable {
  /// How often one warning was given, and where.
  package struct WarningRow: Sendable {
    /// The fixed word.
    package var code: DiagnosticCode
    /// The service; empty when it is about a trace or an archive.
    package var service: String
    /// How often.
    package var count: Int
    /// A span that shows it.
    package var evidence: Evidence?

    /// Makes a row of its parts.
    package init(code: DiagnosticCode, service: String, count: Int, evidence: Evidence?) {
      self.code = code
      self.service = service
      self.count = count
      self.evidence = evidence
    }
  }

  /// By (severity from harmful to harmless, code, service).
  package var warnings: [WarningRow] = []
  /// What instrumentation should do otherwise, by (severity, check, service).
  package var audits: [AuditResult] = []
  /// How services are instrumented, by service.
  package var instrumentation: [ServiceInstrumentation] = []
  /// Clocks that differ, most spans moved first.
  package var hostPairs: [HostPair] = []
  /// Operations whose callers are missing or not passed on, most spans first.
  package var propagation: [PropagationFault] = []
  /// Traces whose id has 64 bits.
  package var narrowTraces: Int = 0
  /// One of them.
  package var narrowExample: Evidence?
  /// What was too much to be told apart, so that the rarest are joined in all figures.
  package var joined: [JoinedThings] = []
  /// The spans whose attributes were looked at one by one.
  package var sample = AuditSample()

  /// Makes a result about nothing.
  package init() {}
}

/// Things of one kind of which only the most frequent have figures of their own.
package struct JoinedThings: Sendable {
  /// What they are, in the plural.
  package var words: String
  /// The name under which the others are counted together; empty if they have none.
  package var rest: String
  /// How many were met, at least: of very many only a sample is counted.
  package var count: Int

  /// Makes a result of its parts.
  package init(words: String, rest: String, count: Int) {
    self.words = words
    self.rest = rest
    self.count = count
  }
}

/// Two hosts whose clocks were found to differ.
package struct HostPair: Sendable {
  /// The host whose spans were moved.
  package var host: String = ""
  /// The host that they were measured against.
  package var against: String = ""
  /// Spans that were moved.
  package var count: Int = 0
  /// The mean shift.
  package var mean: Nanoseconds = .zero
  /// The smallest shift, which may be negative.
  package var least: Nanoseconds = .zero
  /// The largest shift.
  package var most: Nanoseconds = .zero
  /// The span that was moved most.
  package var evidence: Evidence?

  /// Makes a pair of nothing.
  package init() {}
}

/// A sign that an operation does not get the context of its callers.
package struct PropagationFault: Sendable {
  /// What is seen.
  package enum Sign: String, Sendable, CaseIterable {
    /// Spans that name a parent which no archive holds.
    case missingCaller = "missing-caller"
    /// Traces of a single SERVER span without a parent, of an operation that others call.
    case loneServer = "lone-server"
    /// CONSUMER roots without a span link.
    case unlinkedConsumer = "unlinked-consumer"
    /// Trace ids that no good generator makes: half of them zeros, or both halves equal.
    case weakTraceID = "weak-trace-id"
    /// Several roots in one trace, more than an hour apart.
    case leakedContext = "leaked-context"
  }

  /// What is seen.
  package var sign = Sign.missingCaller
  /// The service it is seen in.
  package var service: String = ""
  /// Its operation.
  package var operation: String = ""
  /// The service that usually calls it; empty when none is known.
  package var usualCaller: String = ""
  /// Spans or traces that show it.
  package var count: Int = 0
  /// Spans of the operation.
  package var total: Int = 0
  /// A span that shows it.
  package var evidence: Evidence?

  /// Makes a fault of a sign.
  package init(_ sign: Sign) { self.sign = sign }
}

/// What an audit found in one service.
package struct AuditResult: Sendable {
  /// A thing that an audit is about: an operation, an attribute key, a version.
  package struct Subject: Sendable {
    /// The thing.
    package var text: String
    /// What to write in its place; empty when that goes without saying.
    package var advice: String
    /// Spans that carry it.
    package var count: Int
    /// One of them.
    package var evidence: Evidence?

    /// Makes a subject of its parts.
    package init(text: String, advice: String = "", count: Int, evidence: Evidence? = nil) {
      self.text = text
      self.advice = advice
      self.count = count
      self.evidence = evidence
    }
  }

  /// What was looked for.
  package var check: AuditCheck
  /// The service; empty for spans without one.
  package var service: String
  /// How many spans, traces or names it holds for.
  package var count: Int = 0
  /// Of how many.
  package var total: Int = 0
  /// The worst things, most frequent first.
  package var subjects: [Subject] = []
  /// A span that shows it.
  package var evidence: Evidence?
  /// Only a sample of spans was looked at.
  package var isSampled = false

  /// Starts a result with nothing found.
  package init(_ check: AuditCheck, service: String) {
    self.check = check
    self.service = service
  }
}

/// What made the spans of a service.
package struct ServiceInstrumentation: Sendable {
  /// A library that made spans (OpenTelemetry's instrumentation scope).
  package struct Scope: Sendable {
    /// Its name; empty when spans name none.
    package var name: String
    /// Its version.
    package var version: String
    /// It belongs to an instrumentation library or agent, going by its name.
    package var isAutomatic: Bool
    /// The spans of the sample that it made.
    package var count: Int

    /// Makes a scope of its parts.
    package init(name: String, version: String, isAutomatic: Bool, count: Int) {
      self.name = name
      self.version = version
      self.isAutomatic = isAutomatic
      self.count = count
    }
  }

  /// The service.
  package var service: String = ""
  /// Most spans first.
  package var scopes: [Scope] = []
  /// Software development kits: name, language and version, sorted.
  package var kits: [String] = []
  /// Distributions and agents: name and version, sorted.
  package var distributions: [String] = []
  /// Its spans in the sample.
  package var sampledSpans: Int = 0
  /// Those of them that no check of single spans found fault with.
  package var cleanSpans: Int = 0

  /// Makes a result about nothing.
  package init() {}

  /// Spans of the sample made by instrumentation libraries.
  package var automaticSpans: Int { scopes.reduce(0) { $0 + ($1.isAutomatic ? $1.count : 0) } }
  /// Spans of the sample that name no library.
  package var unnamedSpans: Int { scopes.reduce(0) { $0 + ($1.name.isEmpty ? $1.count : 0) } }
}

/// How much was looked at closely.
package struct AuditSample: Sendable {
  /// Traces of which spans were looked at.
  package var traces: Int = 0
  /// Spans looked at.
  package var spans: Int = 0
  /// Nothing was left out.
  package var isEverything = false

  /// Makes an empty sample.
  package init() {}
}
