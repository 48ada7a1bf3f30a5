/// Gives equal resources and scopes of several tables one place.
struct SharedJoiner: ~Copyable {
  private(set) var resources: [Resource] = []
  private(set) var scopes: [InstrumentationScope] = []
  private var resourceIndex = PlaceIndex()
  private var scopeIndex = PlaceIndex()

  /// The new places of a table's resources and scopes, by their places in the table.
  struct Places {
    var resources: [UInt32] = []
    var scopes: [UInt32] = []
  }

  /// Takes over the resources and scopes of a table whose symbols are renumbered already, as those of the tables before it
  /// are.
  mutating func join(_ table: borrowing SpanTable, _ all: [SpanStore.Shard]) -> Places {
    var places = Places()
    places.resources.reserveCapacity(table.resources.count)
    for index in 0..<table.resources.count {
      let resource = table.resources[index]
      let key = table.sharedKey(resource)
      let hash = Self.hash(key)
      let known = resourceIndex.find(hash) { place in
        let other = resources[Int(place)]
        return all[Int(other.table)].table.sharedKey(other) == key
      }
      places.resources.append(known ?? UInt32(resources.count))
      if known == nil {
        resourceIndex.add(UInt32(resources.count), hash: hash)
        resources.append(resource)
      }
    }
    places.scopes.reserveCapacity(table.scopes.count)
    for index in 0..<table.scopes.count {
      let scope = table.scopes[index]
      let key = table.sharedKey(scope)
      let hash = Self.hash(key)
      let known = scopeIndex.find(hash) { place in
        let other = scopes[Int(place)]
        return all[Int(other.table)].table.sharedKey(other) == key
      }
      places.scopes.append(known ?? UInt32(scopes.count))
      if known == nil {
        scopeIndex.add(UInt32(scopes.count), hash: hash)
        scopes.append(scope)
      }
    }
    return places
  }

  private static func hash(_ key: [UInt64]) -> UInt64 { key.reduce(0) { SpanTable.mix($0, $1) } }
}

extension SpanTable {
  /// Numbers that are equal if and only if resources are, within one numbering of symbols.
  func sharedKey(_ resource: Resource) -> [UInt64] {
    sharedKey(resource.attributeStart, resource.attributeCount) + [
      UInt64(resource.serviceName.index) << 32 | UInt64(resource.schemaURL.index),
      UInt64(resource.droppedAttributes),
    ]
  }

  /// Numbers that are equal if and only if scopes are, within one numbering of symbols.
  func sharedKey(_ scope: InstrumentationScope) -> [UInt64] {
    sharedKey(scope.attributeStart, scope.attributeCount) + [
      UInt64(scope.name.index) << 32 | UInt64(scope.version.index),
      UInt64(scope.schemaURL.index) << 32 | UInt64(scope.droppedAttributes),
    ]
  }

  private func sharedKey(_ start: UInt32, _ count: UInt32) -> [UInt64] {
    var key: [UInt64] = []
    key.reserveCapacity(Int(count) * 2 + 2)
    for attribute in sharedAttributes.elements(from: Int(start), count: Int(count)) {
      key.append(UInt64(attribute.key.index) << 4 | UInt64(attribute.type.rawValue))
      switch attribute.type {
      case .integer, .double: key.append(wideValues[Int(attribute.payload)])
      default: key.append(UInt64(attribute.payload))
      }
    }
    return key
  }

  /// Puts resources and scopes under new symbol numbers.
  mutating func renumberShared(by mapping: SymbolMapping) {
    guard !mapping.isIdentity else { return }
    TableRenumbering.renumber(sharedAttributes.mutableElements, by: mapping)
    for index in 0..<resources.count {
      resources[index].serviceName = mapping[resources[index].serviceName]
      resources[index].schemaURL = mapping[resources[index].schemaURL]
    }
    for index in 0..<scopes.count {
      scopes[index].name = mapping[scopes[index].name]
      scopes[index].version = mapping[scopes[index].version]
      scopes[index].schemaURL = mapping[scopes[index].schemaURL]
    }
  }
}
