/// Gives equal resources and scopes of several tables one place.
struct SharedJoiner {
  private(set) var resources: [Resource] = []
  private(set) var scopes: [InstrumentationScope] = []
  private var resourcePlaces: [[UInt64]: UInt32] = [:]
  private var scopePlaces: [[UInt64]: UInt32] = [:]

  /// The new places of a table's resources and scopes, by their places in the table.
  struct Places {
    var resources: [UInt32] = []
    var scopes: [UInt32] = []
  }

  /// Takes over the resources and scopes of a table whose symbols are renumbered already.
  mutating func join(_ table: borrowing SpanTable, _ all: [SpanStore.Shard]) -> Places {
    var places = Places()
    for index in 0..<table.resources.count {
      let resource = table.resources[index]
      var key = table.sharedKey(resource.attributeStart, resource.attributeCount)
      key.append(UInt64(resource.serviceName.index) << 32 | UInt64(resource.schemaURL.index))
      key.append(UInt64(resource.droppedAttributes))
      if let known = resourcePlaces[key] {
        places.resources.append(known)
      } else {
        resourcePlaces[key] = UInt32(resources.count)
        places.resources.append(UInt32(resources.count))
        resources.append(resource)
      }
    }
    for index in 0..<table.scopes.count {
      let scope = table.scopes[index]
      var key = table.sharedKey(scope.attributeStart, scope.attributeCount)
      key.append(UInt64(scope.name.index) << 32 | UInt64(scope.version.index))
      key.append(UInt64(scope.schemaURL.index) << 32 | UInt64(scope.droppedAttributes))
      if let known = scopePlaces[key] {
        places.scopes.append(known)
      } else {
        scopePlaces[key] = UInt32(scopes.count)
        places.scopes.append(UInt32(scopes.count))
        scopes.append(scope)
      }
    }
    return places
  }
}

extension SpanTable {
  /// Numbers that are equal if and only if the attributes are, within one numbering of symbols.
  func sharedKey(_ start: UInt32, _ count: UInt32) -> [UInt64] {
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
