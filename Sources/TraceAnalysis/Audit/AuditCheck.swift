/// Something that instrumentation gets wrong (semantic conventions, section 6), by its fixed word.
package enum AuditCheck: String, Sendable, CaseIterable {
  case missingService = "audit-missing-service"
  case orphans = "audit-orphans"
  case propagation = "audit-propagation"
  case sensitive = "audit-sensitive"
  case nameCardinality = "audit-name-cardinality"
  case nameHasID = "audit-name-has-id"
  case emptyName = "audit-empty-name"
  case missingKind = "audit-missing-kind"
  case missingServer = "audit-missing-server"
  case missingClient = "audit-missing-client"
  case clock = "audit-clock"
  case dropped = "audit-dropped"
  case duplicate = "audit-duplicate"
  case tooManySpans = "audit-too-many-spans"
  case longSpan = "audit-long-span"
  case tooManyTags = "audit-too-many-tags"
  case statusMismatch = "audit-status-mismatch"
  case errorWithoutDetail = "audit-error-without-detail"
  case bigValue = "audit-big-value"
  case oldKeys = "audit-old-keys"
  case ownKeys = "audit-own-keys"
  case noVersion = "audit-no-version"
  case kitMix = "audit-sdk-mix"

  /// What is wrong, as the head of a row.
  package var title: String {
    switch self {
    case .missingService: "No service name"
    case .orphans: "Callers are missing"
    case .propagation: "Context is not passed on"
    case .sensitive: "Secrets or personal data"
    case .nameCardinality: "Too many operation names"
    case .nameHasID: "Ids in operation names"
    case .emptyName: "No operation name"
    case .missingKind: "No kind at an entry or exit"
    case .missingServer: "Called service has no server span"
    case .missingClient: "Caller has no client span"
    case .clock: "Clock differs"
    case .dropped: "Dropped before export"
    case .duplicate: "Spans sent twice"
    case .tooManySpans: "Traces over 1,000 spans"
    case .longSpan: "Spans over one hour"
    case .tooManyTags: "Spans over 100 attributes"
    case .statusMismatch: "Status does not fit"
    case .errorWithoutDetail: "Errors that say nothing"
    case .bigValue: "Values over 4,096 bytes"
    case .oldKeys: "Old attribute keys"
    case .ownKeys: "Keys outside the conventions"
    case .noVersion: "No service version"
    case .kitMix: "Several SDK versions"
    }
  }

  /// When it is reported.
  package var rule: String {
    switch self {
    case .missingService: "service.name is absent or unknown_service…"
    case .orphans: "at least 1 % of a service's spans name a parent that no archive holds"
    case .propagation: "traceparent values that W3C rules refuse or that name another trace"
    case .sensitive:
      "keys or values that look like passwords, tokens, cookies, cards, addresses, SQL literals"
    case .nameCardinality:
      "over 1,000 names (then joined by their pattern), or more than one name for 10 spans from 200 spans on"
    case .nameHasID: "at least 1 % of names hold a UUID, a hex run of 8 or a run of digits"
    case .emptyName: "spans without a name"
    case .missingKind: "root spans, and spans that call another service, without a kind"
    case .missingServer: "childless CLIENT spans that name a service which reports spans of its own"
    case .missingClient: "SERVER spans right below a span of another service that is no CLIENT"
    case .clock: "spans moved by clock-skew correction"
    case .dropped: "dropped attributes, events or links counted by the SDK"
    case .duplicate: "at least 1 % of spans are exact copies of others"
    case .tooManySpans: "over 1,000 spans in one trace"
    case .longSpan: "a span longer than one hour"
    case .tooManyTags: "a span with more than 100 attributes"
    case .statusMismatch: "HTTP or gRPC codes of failure without ERROR, or ERROR with 2xx"
    case .errorWithoutDetail: "failures without message, type, code or exception"
    case .bigValue: "a text value over 4,096 bytes"
    case .oldKeys: "keys that semantic conventions 1.44 have renamed or dropped"
    case .ownKeys: "keys without a namespace, or with other than lower-case letters, digits, _ and dots"
    case .noVersion: "spans without service.version"
    case .kitMix: "several telemetry.sdk.version values of one language"
    }
  }

  /// What to change.
  package var remedy: String {
    switch self {
    case .missingService: "Set OTEL_SERVICE_NAME, or service.name of the resource."
    case .orphans:
      "Pass the context on at this hop; check sampling per service and export losses of the caller."
    case .propagation: "Let one component write traceparent, in lower case, and let proxies pass it on."
    case .sensitive: "Redact at the source. The value is not shown here."
    case .nameCardinality: "Name spans by route or query summary; put the rest into attributes."
    case .nameHasID: "Use the route: /orders/{id}; put the id into an attribute."
    case .emptyName: "Set a name when the span is started."
    case .missingKind: "Set SERVER, CLIENT, PRODUCER or CONSUMER: dependencies and error rules need it."
    case .missingServer: "Instrument the called service's entry, or let the caller pass its context."
    case .missingClient: "Instrument outgoing calls of the calling service."
    case .clock: "Synchronise clocks (NTP, chrony)."
    case .dropped: "Raise the SDK's limits, or send less."
    case .duplicate: "Look for exporters that retry, and for archives or pipelines that overlap."
    case .tooManySpans: "Batch, sample inside loops, and drop INTERNAL spans that nobody reads."
    case .longSpan: "End spans; split jobs; join long flows by span links."
    case .tooManyTags: "Move lists to events, or drop them."
    case .statusMismatch: "Set the status by the rules of the HTTP and RPC conventions."
    case .errorWithoutDetail: "Record the exception, or set error.type and a description."
    case .bigValue: "Cut or hash values before export."
    case .oldKeys: "Move to the new keys, then end the period in which both are written."
    case .ownKeys: "Put own keys under a namespace, such as shop.order_id."
    case .noVersion: "Set service.version, so that releases can be compared."
    case .kitMix: "Roll out one SDK version evenly."
    }
  }

  /// How much it matters.
  package var severity: FindingSeverity {
    switch self {
    case .missingService, .orphans, .propagation, .sensitive, .nameCardinality: .medium
    case .nameHasID, .emptyName, .missingKind, .missingServer, .missingClient, .clock, .dropped, .duplicate,
      .tooManySpans, .longSpan, .tooManyTags, .statusMismatch, .errorWithoutDetail, .bigValue:
      .low
    case .oldKeys, .ownKeys, .noVersion, .kitMix: .info
    }
  }

  /// What is counted.
  package var unit: String {
    switch self {
    case .nameCardinality, .nameHasID: "name"
    case .tooManySpans: "trace"
    default: "span"
    }
  }
}
