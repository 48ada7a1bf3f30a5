extension SpanStore {
  /// A store of its own with the spans of some traces, secrets taken out.
  ///
  /// Everything that is rendered from it, written to a new archive or searched in it is redacted, since what was
  /// there before is not in it. Assembling it again gives the same trees.
  ///
  /// - Complexity: O(spans + attributes + texts).
  package static func redacted(_ traces: [Trace], of store: SpanStore, by redactor: Redactor) -> SpanStore {
    var copier = RedactedCopier(store: store, redactor: redactor)
    for trace in traces { copier.add(trace) }
    return SpanStore(joining: [Shard(copier.takeTable())], archives: store.archives)
  }
}

/// Copies spans from one store into a table, every text redacted on the way.
private struct RedactedCopier: ~Copyable {
  let store: SpanStore
  let redactor: Redactor
  private var table = SpanTable(number: 0)
  private var resources: [UInt32: UInt32] = [:]
  private var scopes: [UInt32: UInt32] = [:]

  init(store: SpanStore, redactor: Redactor) {
    self.store = store
    self.redactor = redactor
  }

  consuming func takeTable() -> SpanTable { table }

  mutating func add(_ trace: Trace) {
    for span in trace.spans { add(span, of: trace) }
    // A tree that is whole but not complete lost a span while it was read.
    if !trace.isComplete, trace.roots.count == 1, trace.hasTrueRoot { table.noteRefusal(of: trace.id) }
  }

  private mutating func add(_ span: TraceSpan, of trace: Trace) {
    var record = span.record
    let isFused = span.traits.contains(.fused)
    record.traits.remove(.fused)
    record.name = copy(record.name)
    let old = trace.extraFields(of: span, in: store)
    var extra = ExtraFields()
    extra.statusMessage = copy(old.statusMessage)
    extra.traceState = symbol(store.symbols.text(old.traceState))
    record.resource = resource(record.resource)
    record.scope = scope(record.scope)
    // Events and links first: their attributes must lie before those of the span, which stand together.
    addEvents(trace.events(of: span, in: store), of: span.record, to: &extra)
    addLinks(
      isFused ? trace.links(of: span, in: store) : Array(store.links(of: span.record)), of: span.record,
      to: &extra)
    let start = table.attributes.count
    let from = span.record.table
    let attributes = trace.withAttributes(of: span, in: store) { Array($0) }
    for attribute in attributes { add(attribute, from: from) }
    record.attributeStart = UInt32(start)
    record.attributeCount = UInt32(attributes.count)
    let endpoints = trace.endpoints(of: span, in: store)
    if !endpoints.local.isAbsent || !endpoints.remote.isAbsent {
      extra.endpoints = UInt32(table.endpoints.count)
      table.endpoints.append(
        EndpointPair(local: copy(endpoints.local), remote: copy(endpoints.remote)))
    }
    if !isFused {
      var rare = trace.rareFields(of: span, in: store)
      rare.invalidParent = copy(rare.invalidParent)
      extra.rare = table.appendRareFields(rare)
    }
    table.setExtraFields(extra, of: &record)
    table.append(record)
  }

  private mutating func addEvents(_ events: [SpanEvent], of old: SpanRecord, to extra: inout ExtraFields) {
    var copies: [SpanEvent] = []
    for event in events {
      var copied = event
      copied.name = copy(event.name)
      copied.attributeStart = add(event.attributeStart, event.attributeCount, of: old)
      copies.append(copied)
    }
    extra.eventStart = UInt32(table.events.count)
    extra.eventCount = UInt32(copies.count)
    for event in copies { table.events.append(event) }
  }

  private mutating func addLinks(_ links: [SpanLink], of old: SpanRecord, to extra: inout ExtraFields) {
    var copies: [SpanLink] = []
    for link in links {
      var copied = link
      copied.traceState = symbol(store.symbols.text(link.traceState))
      copied.attributeStart = add(link.attributeStart, link.attributeCount, of: old)
      copies.append(copied)
    }
    extra.linkStart = UInt32(table.links.count)
    extra.linkCount = UInt32(copies.count)
    for link in copies { table.links.append(link) }
  }

  /// Copies the attributes of an event or link; where they begin now.
  private mutating func add(_ start: UInt32, _ count: UInt32, of old: SpanRecord) -> UInt32 {
    let place = UInt32(table.attributes.count)
    for attribute in store.attributes(from: start, count: count, of: old) { add(attribute, from: old.table) }
    return place
  }

  private mutating func add(_ attribute: Attribute, from number: UInt16) {
    let key = store.symbols.text(attribute.key)
    let newKey = symbol(key)
    let value = store.value(of: attribute, table: number)
    switch value {
    case .empty: table.appendEmptyAttribute(newKey)
    case .text(let text): table.appendAttribute(newKey, text: symbol(redactor.value(text, key: key)))
    case .bytes(let text), .array(let text), .map(let text):
      let shown = redactor.value(text, key: key)
      // What was replaced as a whole is no array any more.
      if shown.hasPrefix("{") || attribute.type == .bytes && shown == text {
        table.appendAttribute(newKey, type: attribute.type, symbol: symbol(shown))
      } else {
        table.appendAttribute(newKey, text: symbol(shown))
      }
    case .boolean(let flag): addScalar(newKey, key, "\(flag)") { $0.appendAttribute(newKey, boolean: flag) }
    case .integer(let number):
      addScalar(newKey, key, "\(number)") { $0.appendAttribute(newKey, integer: number) }
    case .double(let number):
      addScalar(newKey, key, "\(number)") { $0.appendAttribute(newKey, double: number) }
    }
  }

  /// A number stays a number unless its key is that of a secret.
  private mutating func addScalar(
    _ symbol: Symbol, _ key: String, _ text: String, _ append: (inout SpanTable) -> Void
  ) {
    let shown = redactor.value(text, key: key)
    if shown == text {
      append(&table)
    } else {
      table.appendAttribute(symbol, text: self.symbol(shown))
    }
  }

  private mutating func symbol(_ text: String) -> Symbol {
    text.isEmpty ? .empty : table.symbols.intern(text)
  }

  /// A text that stands under no key.
  private mutating func copy(_ old: Symbol) -> Symbol {
    old.isEmpty ? .empty : symbol(redactor.text(store.symbols.text(old)))
  }

  private mutating func copy(_ endpoint: Endpoint) -> Endpoint {
    var copied = endpoint
    copied.service = symbol(store.symbols.text(endpoint.service))
    copied.ipv4 = symbol(store.symbols.text(endpoint.ipv4))
    copied.ipv6 = symbol(store.symbols.text(endpoint.ipv6))
    return copied
  }

  private mutating func resource(_ place: UInt32) -> UInt32 {
    if let known = resources[place] { return known }
    let old = store.resource(at: place)
    var resource = Resource()
    resource.serviceName = symbol(store.symbols.text(old.serviceName))
    resource.schemaURL = symbol(store.symbols.text(old.schemaURL))
    resource.droppedAttributes = old.droppedAttributes
    let start = table.attributes.count
    for attribute in store.attributes(of: old) { add(attribute, from: old.table) }
    let copied = table.internResource(resource, attributesFrom: start)
    resources[place] = copied
    return copied
  }

  private mutating func scope(_ place: UInt32) -> UInt32 {
    if let known = scopes[place] { return known }
    let old = store.scope(at: place)
    var scope = InstrumentationScope()
    scope.name = symbol(store.symbols.text(old.name))
    scope.version = symbol(store.symbols.text(old.version))
    scope.schemaURL = symbol(store.symbols.text(old.schemaURL))
    scope.droppedAttributes = old.droppedAttributes
    let start = table.attributes.count
    for attribute in store.attributes(of: old) { add(attribute, from: old.table) }
    let copied = table.internScope(scope, attributesFrom: start)
    scopes[place] = copied
    return copied
  }
}

extension EndpointPair {
  fileprivate init(local: Endpoint, remote: Endpoint) {
    self.init()
    self.local = local
    self.remote = remote
  }
}
