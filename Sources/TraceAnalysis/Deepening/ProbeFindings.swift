import TraceModel

/// What closer looks at traces found out: rows whose references and what-if services are those of the digest looked
/// at, and whose attributes are symbols of the run.
struct ProbeFindings {
  var whatIfs: [WhatIfRow] = []
  var attributes: [AttributeRow] = []
  /// Attributes with too many values, of which some rows were never made.
  var variedAttributes: [AttributeOfService] = []
  /// True when some look alone met too many values: then none is told.
  var hasTooManyValues = false
  /// Values that the archives do not hold as texts, numbered from `textStart` on.
  var texts: [String] = []
  private let textStart: Int
  private var index = NameIndex([])

  /// A value must be on so many requests of one of the sets that it is counted in.
  private static let leastCount = 3

  /// - Parameter textStart: the number of texts of the archives.
  init(textsAfter textStart: Int) { self.textStart = textStart }

  /// Takes up what another look found out.
  mutating func append(_ other: ProbeFindings) {
    let keepsNumbers = texts.isEmpty
    let symbols = other.texts.map { Symbol(UInt32(textStart + index.symbol(of: $0, in: &texts).number)) }
    whatIfs += other.whatIfs
    variedAttributes += other.variedAttributes
    hasTooManyValues = hasTooManyValues || other.hasTooManyValues
    if keepsNumbers { return attributes += other.attributes }
    for var row in other.attributes {
      if row.value.number >= textStart { row.value = symbols[row.value.number - textStart] }
      attributes.append(row)
    }
  }

  /// Joins rows about the same value, and drops ids and values that hardly ever occur: they explain nothing, and would
  /// fill files. Most are rare, so this comes before they are given names.
  ///
  /// - Complexity: O(*n* log *n*) in the rows.
  ///
  /// - Parameter mostPairs: with more values than this, all are dropped, as by a look that alone meets so many.
  mutating func dropRareValues(mostPairs: Int = AttributeCounter.mostPairs) {
    if hasTooManyValues { attributes.removeAll { !$0.attribute.isEmpty } }
    _ = Digest.order(&attributes)
    var attributeIndex = KeyIndex()
    var pairIndex = KeyIndex()
    var valueCounts: [Int] = []
    var mostRequests: [Int] = []
    let pairs = attributes.map { row in
      let attribute = attributeIndex.place(of: row.attributeOfService.packed)
      if attribute == valueCounts.count { valueCounts.append(0) }
      let pair = pairIndex.place(of: UInt64(attribute) << 32 | UInt64(row.value.index))
      if pair == mostRequests.count {
        mostRequests.append(0)
        valueCounts[attribute] += 1
      }
      mostRequests[pair] = max(mostRequests[pair], row.count)
      return (attribute: attribute, pair: pair)
    }
    for varied in variedAttributes {
      let attribute = attributeIndex.place(of: varied.packed)
      if attribute == valueCounts.count { valueCounts.append(0) }
      valueCounts[attribute] = .max
    }
    // As many as one look at everything would have met before it dropped those with too many.
    var met = 0
    for (number, count) in valueCounts.enumerated()
    where !AttributeOfService(packed: attributeIndex.keys[number]).attribute.isEmpty {
      met += min(count, AttributeCounter.mostValues + 1)
    }
    if met > mostPairs { return attributes.removeAll { !$0.attribute.isEmpty } }
    attributes = zip(attributes, pairs).filter { row, place in
      row.attribute.isEmpty
        || (mostRequests[place.pair] >= Self.leastCount
          && valueCounts[place.attribute] <= AttributeCounter.mostValues)
    }.map(\.0)
  }

  /// The name of a symbol of these rows.
  func name(_ symbol: Symbol, in store: SpanStore) -> String {
    symbol.number < textStart ? store.symbols.name(symbol) : texts[symbol.number - textStart]
  }
}

/// An attribute of the spans of one service, or of the root span.
struct AttributeOfService {
  /// Empty for the root span's.
  var service: Symbol
  var attribute: Symbol

  /// Both in one number.
  var packed: UInt64 { UInt64(service.index) << 32 | UInt64(attribute.index) }
}

extension AttributeOfService {
  /// Undoes `packed`.
  init(packed: UInt64) {
    service = Symbol(UInt32(truncatingIfNeeded: packed >> 32))
    attribute = Symbol(UInt32(truncatingIfNeeded: packed))
  }
}

extension AttributeRow {
  var attributeOfService: AttributeOfService {
    get { AttributeOfService(service: service, attribute: attribute) }
    set { (service, attribute) = (newValue.service, newValue.attribute) }
  }
}
