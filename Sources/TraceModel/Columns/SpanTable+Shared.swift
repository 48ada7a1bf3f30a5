extension SpanTable {
  /// The place of a resource whose attributes were just appended from `start` on; they are taken off again.
  ///
  /// Equal resources (same attributes in the same order) get the same place.
  /// - Complexity: O(attributes) amortised.
  public mutating func internResource(_ resource: consuming Resource, attributesFrom start: Int) -> UInt32 {
    internLoneValues(from: start)
    resource.table = number
    resource.attributeCount = UInt32(attributes.count - start)
    var key = hash(attributesFrom: start)
    key = Self.mix(key, UInt64(resource.serviceName.index) << 32 | UInt64(resource.schemaURL.index))
    key = Self.mix(key, UInt64(resource.droppedAttributes))
    let (service, schema, dropped) = (resource.serviceName, resource.schemaURL, resource.droppedAttributes)
    let outcome = resourceIndex.search(key) { place in
      let known = resources[Int(place)]
      return known.serviceName == service && known.schemaURL == schema && known.droppedAttributes == dropped
        && isShared(known.attributeStart, known.attributeCount, equalToAttributesFrom: start)
    }
    switch outcome {
    case .found(let place):
      noteTouch(resources.address(of: Int(place)), resources[Int(place)].attributeStart)
      attributes.truncate(to: start)
      return place
    case .absent(let free):
      resource.attributeStart = share(attributesFrom: start)
      resources.append(resource)
      resourceIndex.add(UInt32(resources.count - 1), hash: key, at: free)
      return UInt32(resources.count - 1)
    }
  }

  /// The place of a scope whose attributes were just appended from `start` on; they are taken off again.
  ///
  /// Equal scopes get the same place.
  /// - Complexity: O(attributes) amortised.
  public mutating func internScope(
    _ scope: consuming InstrumentationScope, attributesFrom start: Int
  ) -> UInt32 {
    internLoneValues(from: start)
    scope.table = number
    scope.attributeCount = UInt32(attributes.count - start)
    var key = hash(attributesFrom: start)
    key = Self.mix(key, UInt64(scope.name.index) << 32 | UInt64(scope.version.index))
    key = Self.mix(key, UInt64(scope.schemaURL.index) << 32 | UInt64(scope.droppedAttributes))
    let (name, version, schema) = (scope.name, scope.version, scope.schemaURL)
    let dropped = scope.droppedAttributes
    let outcome = scopeIndex.search(key) { place in
      let known = scopes[Int(place)]
      return known.name == name && known.version == version && known.schemaURL == schema
        && known.droppedAttributes == dropped
        && isShared(known.attributeStart, known.attributeCount, equalToAttributesFrom: start)
    }
    switch outcome {
    case .found(let place):
      noteTouch(scopes.address(of: Int(place)), scopes[Int(place)].attributeStart)
      attributes.truncate(to: start)
      return place
    case .absent(let free):
      scope.attributeStart = share(attributesFrom: start)
      scopes.append(scope)
      scopeIndex.add(UInt32(scopes.count - 1), hash: key, at: free)
      return UInt32(scopes.count - 1)
    }
  }

  /// Lets go of pages now and then: in files, what was met before lies anywhere, and so do its attributes.
  private mutating func noteTouch(_ thing: UnsafeRawPointer?, _ attributeStart: UInt32) {
    guard hasSharedInFiles else { return }
    let attributes = sharedAttributes.address(of: Int(attributeStart))
    if touched.areTooMany(with: thing) || touched.areTooMany(with: attributes) { leaveSharedMemory() }
  }

  /// What many spans share is compared by its symbols.
  private mutating func internLoneValues(from start: Int) {
    for place in start..<attributes.count where attributes[place].type.isSymbol {
      let value = Symbol(attributes[place].payload)
      if value.isLone { attributes[place].payload = symbols.intern(symbols.bytes(value)).index }
    }
  }

  private mutating func share(attributesFrom start: Int) -> UInt32 {
    let place = UInt32(sharedAttributes.count)
    sharedAttributes.append(contentsOf: attributes.elements(from: start, count: attributes.count - start))
    attributes.truncate(to: start)
    return place
  }

  private func isShared(_ place: UInt32, _ count: UInt32, equalToAttributesFrom start: Int) -> Bool {
    guard Int(count) == attributes.count - start else { return false }
    for offset in 0..<Int(count) {
      let left = sharedAttributes[Int(place) + offset]
      let right = attributes[start + offset]
      guard left.key == right.key, left.type == right.type, bits(of: left) == bits(of: right) else {
        return false
      }
    }
    return true
  }

  /// What makes up a value: its payload, or the wide value that the payload points to.
  func bits(of attribute: Attribute) -> UInt64 {
    switch attribute.type {
    case .integer, .double: wideValues[Int(attribute.payload)]
    default: UInt64(attribute.payload)
    }
  }

  /// Changes nothing: but a call that only reads would first copy all fields of the table.
  private mutating func hash(attributesFrom start: Int) -> UInt64 {
    var state = Self.hashSeed
    for place in start..<attributes.count {
      let attribute = attributes[place]
      state = Self.mix(state, UInt64(attribute.key.index) << 4 | UInt64(attribute.type.rawValue))
      state = Self.mix(state, bits(of: attribute))
    }
    return state
  }

  /// Where hashes of what spans share begin: hostile archives cannot tell which are equal. No output depends on it.
  static let hashSeed = UInt64.random(in: .min ... .max)

  static func mix(_ state: UInt64, _ value: UInt64) -> UInt64 {
    let product = (state ^ value ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: 0xbf58_476d_1ce4_e5b9)
    return product.high ^ product.low
  }
}
