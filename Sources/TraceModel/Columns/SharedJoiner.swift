/// Gives equal resources and scopes of several tables one place.
struct SharedJoiner: ~Copyable {
  private var resourcesOnce = PlacedOnce<Resource>()
  private var scopesOnce = PlacedOnce<InstrumentationScope>()

  /// The distinct resources.
  var resources: [Resource] { resourcesOnce.things }
  /// The distinct scopes.
  var scopes: [InstrumentationScope] { scopesOnce.things }

  /// The new places of a table's resources and scopes, by their places in the table.
  struct Places {
    var resources: [UInt32] = []
    var scopes: [UInt32] = []
  }

  /// Takes over the resources and scopes of a table whose symbols are renumbered already, as those of the tables before it
  /// are.
  mutating func join(_ table: borrowing SpanTable, _ all: [SpanStore.Shard]) -> Places {
    Places(
      resources: resourcesOnce.places(of: table.resources) {
        all[Int($0.table)].table.sharedKey($0)
      },
      scopes: scopesOnce.places(of: table.scopes) {
        all[Int($0.table)].table.sharedKey($0)
      })
  }
}

/// Distinct things in the order in which they were first met.
private struct PlacedOnce<Thing: BitwiseCopyable>: ~Copyable {
  private(set) var things: [Thing] = []
  private var index = PlaceIndex()

  /// The places of things, of which new ones are added. Equal things have equal keys.
  mutating func places(of met: borrowing Column<Thing>, key: (Thing) -> [UInt64]) -> [UInt32] {
    var places: [UInt32] = []
    places.reserveCapacity(met.count)
    for number in 0..<met.count {
      let own = key(met[number])
      let hash = own.reduce(0) { SpanTable.mix($0, $1) }
      let known = index.find(hash) { key(things[Int($0)]) == own }
      places.append(known ?? UInt32(things.count))
      if known == nil {
        index.add(UInt32(things.count), hash: hash)
        things.append(met[number])
      }
    }
    return places
  }
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
      key.append(bits(of: attribute))
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
