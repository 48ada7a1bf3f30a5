/// The spans that one worker has read, with all that belongs to them.
///
///     spans        [ record | record | … ]          ranges into ↓
///     attributes   [ k=v k=v | k=v … ]               of spans, events and links
///     sharedAttributes                               of resources and scopes
///     extra                                          of spans that have any
///     events, links, endpoints, rare, wideValues     place 0 of extra, endpoints and rare stands for "none"
///     resources, scopes                              each distinct one once
///     symbols                                        every text
///
/// A reader appends a span's attributes, events and links first, then the record that names their ranges, by
/// `append(_:)`. A record that turns out to be bad is taken back by `rollBack(to:)`. One writer; not copied.
public struct SpanTable: ~Copyable, Sendable {
  /// The spans in reading order.
  public var spans = Column<SpanRecord>()
  /// Attributes of spans, events and links.
  public var attributes = Column<Attribute>()
  /// Attributes of resources and scopes.
  public var sharedAttributes = Column<Attribute>()
  /// Integers beyond 32 bits and the bit patterns of doubles.
  public var wideValues = Column<UInt64>()
  /// Fields that not every span has; place 0 stands for none.
  public var extra = Column<ExtraFields>()
  /// Events of spans.
  public var events = Column<SpanEvent>()
  /// Links of spans.
  public var links = Column<SpanLink>()
  /// Endpoints of Zipkin spans; place 0 stands for none.
  public var endpoints = Column<EndpointPair>()
  /// Rare fields of spans; place 0 stands for none.
  public var rare = Column<RareFields>()
  /// Distinct resources; place 0 is one without attributes.
  public var resources = Column<Resource>()
  /// Distinct scopes; place 0 is one without a name.
  public var scopes = Column<InstrumentationScope>()
  /// Every text.
  public var symbols: SymbolTable
  /// Traces of which a span was refused: they are not complete.
  public var refusedTraces = Column<TraceID>()
  /// The number of this table among those of a run.
  public let number: UInt16

  /// What was there when spans were last put into temporary files.
  var sealed = Mark(spans: 0, attributes: 0, events: 0, links: 0, endpoints: 0, rare: 0, extra: 0)
  /// The same of texts, resources, scopes and wide values, which are not taken back.
  var sealedOtherBytes = 0
  var statusRule = StatusRule()
  var repetition = ValueRepetition()
  var resourceIndex = PlaceIndex()
  var scopeIndex = PlaceIndex()
  /// What was touched of resources and scopes in files since they were let go of.
  var touched = TouchedRegions(in: nil)

  /// Makes an empty table with its number among those of a run.
  ///
  /// - `tables`: how many tables the run has.
  public init(number: UInt16, of tables: Int = 1) {
    self.number = number
    symbols = SymbolTable(tables: tables)
    endpoints.append(EndpointPair())
    rare.append(RareFields())
    extra.append(ExtraFields())
    var resource = Resource()
    resource.table = number
    resources.append(resource)
    var scope = InstrumentationScope()
    scope.table = number
    scopes.append(scope)
  }

  /// The sizes of a table at one moment, to come back to.
  public struct Mark: BitwiseCopyable, Sendable {
    var spans: Int
    var attributes: Int
    var events: Int
    var links: Int
    var endpoints: Int
    var rare: Int
    var extra: Int
  }

  /// The present sizes.
  public var mark: Mark {
    Mark(
      spans: spans.count, attributes: attributes.count, events: events.count,
      links: links.count, endpoints: endpoints.count, rare: rare.count, extra: extra.count)
  }

  /// Drops everything appended since the mark, but for texts, wide values, resources and scopes, which do no harm.
  public mutating func rollBack(to mark: Mark) {
    spans.truncate(to: mark.spans)
    attributes.truncate(to: mark.attributes)
    events.truncate(to: mark.events)
    links.truncate(to: mark.links)
    endpoints.truncate(to: mark.endpoints)
    rare.truncate(to: mark.rare)
    extra.truncate(to: mark.extra)
  }

  /// Remembers that a span of a trace was refused; nothing is remembered of an absent id.
  public mutating func noteRefusal(of id: TraceID) {
    let count = refusedTraces.count
    if id.isAbsent || (count > 0 && refusedTraces[count - 1] == id) { return }
    refusedTraces.append(id)
  }

  /// Gives a span the fields that not every span has, whose events and links are in this table already.
  ///
  /// Spans that follow one another and have the same share a row: as a rule those with nothing but a trace state.
  @inlinable
  public mutating func setExtraFields(_ fields: ExtraFields, of span: inout SpanRecord) {
    if fields.isEmpty {
      (span.extra, span.presence) = (0, [])
    } else {
      appendExtraFields(fields, of: &span)
    }
  }

  @usableFromInline @inline(never)
  mutating func appendExtraFields(_ fields: ExtraFields, of span: inout SpanRecord) {
    span.presence = fields.presence
    if !span.presence.isSubset(of: [.statusMessage, .traceState]) || !isLast(fields) { extra.append(fields) }
    span.extra = UInt32(truncatingIfNeeded: extra.count - 1)
  }

  /// True when the last row holds the same, which is nothing but a message and a trace state.
  @inline(__always)
  private func isLast(_ fields: ExtraFields) -> Bool {
    let last = extra[extra.count - 1]
    return last.presence == fields.presence && last.statusMessage == fields.statusMessage
      && last.traceState == fields.traceState
  }

  /// Adds rare fields, if there are any, and gives their place.
  @inline(__always)
  public mutating func appendRareFields(_ fields: RareFields) -> UInt32 {
    if fields.isEmpty { return 0 }
    rare.append(fields)
    return UInt32(truncatingIfNeeded: rare.count - 1)
  }

  /// Adds a span whose attributes, events and links are in this table already; derives its effective status.
  public mutating func append(_ span: consuming SpanRecord) {
    span.table = number
    StatusRule.apply(to: &span, in: &self)
    spans.append(span)
  }

  /// True for a key whose value may decide the status of a span, so that it is looked at as the span is appended.
  ///
  /// Nothing is changed: but a call that only reads would first copy all fields of the table, for every text.
  @inline(__always)
  public mutating func decidesStatus(_ key: Symbol) -> Bool { statusRule.reads(key) }

  /// The symbol of a text value of a key, looked for only where values of the key come again; valid UTF-8.
  @inline(__always)
  public mutating func valueSymbol(of key: Symbol, _ text: UnsafePointer<UInt8>, count: Int) -> Symbol {
    loneSymbol(of: key, text, count: count)
      ?? internValue(of: key, text, count: count, hash: TextHash(text, count))
  }

  /// The same, nil when the text must be looked for: by `internValue`, at once or later.
  @inline(__always)
  public mutating func loneSymbol(
    of key: Symbol, _ text: UnsafePointer<UInt8>, count: Int
  ) -> Symbol? {
    repetition.isRare(key, text, count) ? symbols.appendLone(text, count: count) : nil
  }

  /// The symbol of a text value of a key, which is looked for.
  @inline(__always)
  public mutating func internValue(
    of key: Symbol, _ text: UnsafePointer<UInt8>, count: Int, hash: TextHash
  ) -> Symbol {
    let before = symbols.count
    let symbol = symbols.intern(text, count: count, hash: hash)
    repetition.note(key, text, count, isNew: symbols.count > before)
    return symbol
  }

  /// Adds a text attribute.
  @inlinable
  public mutating func appendAttribute(_ key: Symbol, text: Symbol) {
    attributes.append(Attribute(key: key, type: .text, payload: text.index))
  }

  /// Adds a value held as a symbol: a text, base64 bytes, or the JSON of an array or map.
  @inlinable
  public mutating func appendAttribute(_ key: Symbol, type: AttributeType, symbol: Symbol) {
    attributes.append(Attribute(key: key, type: type, payload: symbol.index))
  }

  /// Adds an integer attribute.
  @inlinable
  public mutating func appendAttribute(_ key: Symbol, integer: Int64) {
    if let small = Int32(exactly: integer) {
      attributes.append(Attribute(key: key, type: .smallInteger, payload: UInt32(bitPattern: small)))
    } else {
      appendWide(key, .integer, UInt64(bitPattern: integer))
    }
  }

  /// Adds a double attribute.
  public mutating func appendAttribute(_ key: Symbol, double: Double) {
    appendWide(key, .double, double.bitPattern)
  }

  /// Adds a boolean attribute.
  @inlinable
  public mutating func appendAttribute(_ key: Symbol, boolean: Bool) {
    attributes.append(Attribute(key: key, type: .boolean, payload: boolean ? 1 : 0))
  }

  /// Adds an attribute without a value.
  public mutating func appendEmptyAttribute(_ key: Symbol) {
    attributes.append(Attribute(key: key, type: .empty, payload: 0))
  }

  @usableFromInline
  mutating func appendWide(_ key: Symbol, _ type: AttributeType, _ bits: UInt64) {
    attributes.append(Attribute(key: key, type: type, payload: UInt32(truncatingIfNeeded: wideValues.count)))
    wideValues.append(bits)
  }

  /// The value of an attribute of this table.
  public func value(of attribute: Attribute) -> AttributeValue {
    switch attribute.type {
    case .empty: .empty
    case .boolean: .boolean(attribute.payload != 0)
    case .smallInteger: .integer(Int64(Int32(bitPattern: attribute.payload)))
    case .integer: .integer(Int64(bitPattern: wideValues[Int(attribute.payload)]))
    case .double: .double(Double(bitPattern: wideValues[Int(attribute.payload)]))
    case .text: .text(symbols.text(Symbol(attribute.payload)))
    case .bytes: .bytes(base64: symbols.text(Symbol(attribute.payload)))
    case .array: .array(json: symbols.text(Symbol(attribute.payload)))
    case .map: .map(json: symbols.text(Symbol(attribute.payload)))
    }
  }
}
