/// What a reader of JSON archives stands in.
enum JSONContext {
  /// An array whose elements are documents.
  case documents
  /// A document too large to be held, read member by member.
  case document
  /// An array of OTLP `ResourceSpans`.
  case batches
  /// One `ResourceSpans` too large to be held.
  case batch
  /// An array of OTLP `ScopeSpans`.
  case scopes
  /// One `ScopeSpans` too large to be held.
  case scope
  /// An array of OTLP spans.
  case spans
  /// An array of Jaeger spans, written in some form.
  case jaegerSpans(JaegerForm)

  /// True inside an object, false inside an array.
  var isObject: Bool {
    switch self {
    case .document, .batch, .scope: true
    case .documents, .batches, .scopes, .spans, .jaegerSpans: false
    }
  }

  /// True in a list of what is less than a document.
  var isPiece: Bool {
    switch self {
    case .batches, .scopes, .spans, .jaegerSpans: true
    case .documents, .document, .batch, .scope: false
    }
  }

  /// True in what a list of spans is made of: it can always be taken apart.
  var isPart: Bool {
    switch self {
    case .batch, .scope: true
    case .documents, .document, .batches, .scopes, .spans, .jaegerSpans: false
    }
  }

  /// True in a list of documents.
  var isDocuments: Bool { if case .documents = self { true } else { false } }
}

extension JSONContext? {
  /// What an element of this context becomes when it is taken apart; nil when it must be held whole.
  var opened: JSONContext? {
    switch self {
    case nil, .documents: .document
    case .batches: .batch
    case .scopes: .scope
    case .spans, .jaegerSpans, .document, .batch, .scope: nil
    }
  }
}
