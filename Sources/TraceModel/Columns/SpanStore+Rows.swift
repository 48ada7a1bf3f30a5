import CMemory

/// Rows of the tables, one by one.
///
/// Where rows are in temporary files, whoever reads them here has the regions counted that are touched
/// (`FileReadings`), and all pages are let go of when there are many: spans may lie in any order, and a trace may have
/// any number of them.
extension SpanStore {
  /// The record at a place.
  @inline(__always)
  package func record(at place: SpanPlace) -> SpanRecord {
    reading(shards[place.table].table.spans, place.row)
  }

  /// The attributes of a span as read.
  @inline(__always)
  public func attributes(of span: SpanRecord) -> UnsafeBufferPointer<Attribute> {
    reading(shards[Int(span.table)].table.attributes, from: span.attributeStart, count: span.attributeCount)
  }

  /// Asks for the first attributes of a span, without waiting for them.
  @inline(__always)
  package func prefetchAttributes(of span: SpanRecord) {
    let attributes = shards[Int(span.table)].table.attributes
      .elements(from: Int(span.attributeStart), count: Int(span.attributeCount))
    if let first = attributes.baseAddress { tracebook_prefetch(first) }
  }

  /// The fields of a span as read that not every span has. Those of fused spans are in their trace.
  @inline(__always)
  public func extraFields(of span: SpanRecord) -> ExtraFields {
    span.extra == 0 ? ExtraFields() : reading(shards[Int(span.table)].table.extra, Int(span.extra))
  }

  /// The events of a span as read.
  @inline(__always)
  public func events(of span: SpanRecord) -> UnsafeBufferPointer<SpanEvent> {
    guard span.presence.contains(.events) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let extra = extraFields(of: span)
    return reading(shards[Int(span.table)].table.events, from: extra.eventStart, count: extra.eventCount)
  }

  /// The links of a span as read.
  @inline(__always)
  public func links(of span: SpanRecord) -> UnsafeBufferPointer<SpanLink> {
    guard span.presence.contains(.links) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let extra = extraFields(of: span)
    return reading(shards[Int(span.table)].table.links, from: extra.linkStart, count: extra.linkCount)
  }

  /// The attributes of an event or a link of a span.
  public func attributes(from start: UInt32, count: UInt32, of span: SpanRecord) -> UnsafeBufferPointer<
    Attribute
  > {
    reading(shards[Int(span.table)].table.attributes, from: start, count: count)
  }

  /// The resource at a place.
  @inline(__always)
  public func resource(at place: UInt32) -> Resource { reading(resources, Int(place)) }

  /// The scope at a place.
  @inline(__always)
  public func scope(at place: UInt32) -> InstrumentationScope { reading(scopes, Int(place)) }

  /// The attributes of a resource.
  public func attributes(of resource: Resource) -> UnsafeBufferPointer<Attribute> {
    reading(
      shards[Int(resource.table)].table.sharedAttributes, from: resource.attributeStart,
      count: resource.attributeCount)
  }

  /// The attributes of a scope.
  public func attributes(of scope: InstrumentationScope) -> UnsafeBufferPointer<Attribute> {
    reading(
      shards[Int(scope.table)].table.sharedAttributes, from: scope.attributeStart,
      count: scope.attributeCount)
  }

  /// The endpoints of a span as read.
  @inline(__always)
  public func endpoints(of span: SpanRecord) -> EndpointPair {
    guard span.presence.contains(.endpoints) else { return EndpointPair() }
    return reading(shards[Int(span.table)].table.endpoints, Int(extraFields(of: span).endpoints))
  }

  /// The rare fields of a span, whose extra fields name their place.
  @inline(__always)
  func rareFields(of span: SpanRecord, _ extra: ExtraFields) -> RareFields {
    reading(shards[Int(span.table)].table.rare, Int(extra.rare))
  }

  /// The value of an attribute from the table with the given number.
  public func value(of attribute: Attribute, table: UInt16) -> AttributeValue {
    switch attribute.type {
    case .text: .text(symbols.text(Symbol(attribute.payload)))
    case .bytes: .bytes(base64: symbols.text(Symbol(attribute.payload)))
    case .array: .array(json: symbols.text(Symbol(attribute.payload)))
    case .map: .map(json: symbols.text(Symbol(attribute.payload)))
    case .integer: .integer(Int64(bitPattern: wideValue(of: attribute, table: table)))
    case .double: .double(Double(bitPattern: wideValue(of: attribute, table: table)))
    case .empty, .boolean, .smallInteger: shards[Int(table)].table.value(of: attribute)
    }
  }

  /// The bits of an integer or a double that an attribute from the table with the given number has.
  @inline(__always)
  func wideValue(of attribute: Attribute, table: UInt16) -> UInt64 {
    reading(shards[Int(table)].table.wideValues, Int(attribute.payload))
  }

  /// The service a span belongs to; empty when none is named.
  @inline(__always)
  public func service(of span: SpanRecord) -> Symbol { resource(at: span.resource).serviceName }

  /// Notes that rows are read, when that is not done through the functions above.
  @inline(__always)
  package func willRead<Row>(_ rows: UnsafeBufferPointer<Row>) {
    if let readings { count(UnsafeRawBufferPointer(rows), readings) }
  }

  @inline(__always)
  private func reading<Row>(_ rows: borrowing Column<Row>, _ place: Int) -> Row {
    if let readings { count(UnsafeRawBufferPointer(rows.elements(from: place, count: 1)), readings) }
    return rows[place]
  }

  @inline(__always)
  private func reading<Row>(
    _ column: borrowing Column<Row>, from start: UInt32, count: UInt32
  ) -> UnsafeBufferPointer<Row> {
    let rows = column.elements(from: Int(start), count: Int(count))
    willRead(rows)
    return rows
  }

  @inline(never)
  private func count(_ bytes: UnsafeRawBufferPointer, _ readings: FileReadings) {
    guard let base = bytes.baseAddress else { return }
    // Pages come back as they are touched.
    if readings.areTooMany(with: base, byteCount: bytes.count) { leaveMemory() }
  }
}
