/// Gives equal resources and scopes of several tables one place.
struct SharedJoiner: ~Copyable {
  private var resources: PlacedOnce<Resource>
  private var scopes: PlacedOnce<InstrumentationScope>
  private let space: SpillSpace?

  /// - `space`: where all that is made goes; nil for memory.
  init(in space: SpillSpace?) {
    self.space = space
    resources = PlacedOnce(in: space)
    scopes = PlacedOnce(in: space)
  }

  /// Takes over the resources and scopes of a table whose symbols are renumbered already, as those of the tables before it
  /// are; says where they are now.
  mutating func join(_ table: borrowing SpanTable, _ all: [SpanStore.Shard]) -> SharedPlaces {
    SharedPlaces(
      resources: resources.places(of: table.resources, all), scopes: scopes.places(of: table.scopes, all),
      in: space)
  }

  /// Gives up the distinct resources.
  mutating func takeResources() -> Column<Resource> { resources.takeThings() }

  /// Gives up the distinct scopes.
  mutating func takeScopes() -> Column<InstrumentationScope> { scopes.takeThings() }
}

/// The new places of a table's resources and scopes, by their places in the table.
final class SharedPlaces: Sendable {
  private let resources: Column<UInt32>
  private let scopes: Column<UInt32>
  private let space: SpillSpace?

  /// - `space`: where places lie; nil for memory.
  init(resources: consuming Column<UInt32>, scopes: consuming Column<UInt32>, in space: SpillSpace?) {
    self.resources = resources
    self.scopes = scopes
    self.space = space
  }

  /// Puts spans under the new places of their resources and scopes, which in files may be anywhere.
  func renumber(_ spans: UnsafeMutableBufferPointer<SpanRecord>) {
    var touched = TouchedRegions(in: space)
    for index in spans.indices {
      let (resource, scope) = (Int(spans[index].resource), Int(spans[index].scope))
      spans[index].resource = resources[resource]
      spans[index].scope = scopes[scope]
      guard space != nil else { continue }
      if touched.areTooMany(with: resources.address(of: resource))
        || touched.areTooMany(with: scopes.address(of: scope))
      {
        leaveMemory()
      }
    }
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    resources.leaveMemory()
    scopes.leaveMemory()
  }
}

/// Distinct things in the order in which they were first met.
private struct PlacedOnce<Thing: SharedThing>: ~Copyable {
  private var things = Column<Thing>()
  private var index = PlaceIndex()
  private let space: SpillSpace?
  private var touched: TouchedRegions

  /// After so many things, pages are let go of.
  private static var thingsInMemory: Int { 1 << 16 }

  init(in space: SpillSpace?) {
    self.space = space
    touched = TouchedRegions(in: space)
    if let space {
      things.moveToFile(in: space)
      index.moveToFile(in: space)
    }
  }

  /// The places of things, of which new ones are added.
  mutating func places(of met: borrowing Column<Thing>, _ tables: [SpanStore.Shard]) -> Column<UInt32> {
    var places = Column<UInt32>(zeroes: met.count, in: space)
    for number in 0..<met.count {
      var areTooMany = number & (Self.thingsInMemory - 1) == 0
      let thing = met[number]
      let hash = tables[Int(thing.table)].table.hash(of: thing)
      switch index.search(hash, where: { SpanTable.areEqual(things[Int($0)], thing, tables) }) {
      case .found(let known):
        places[number] = known
        if self.areTooMany(with: known, tables) { areTooMany = true }
      case .absent(let free):
        places[number] = UInt32(things.count)
        index.add(UInt32(things.count), hash: hash, at: free)
        things.append(thing)
      }
      if areTooMany { leaveMemory(met, places, tables) }
    }
    return places
  }

  /// Notes a thing that was met before, which lies anywhere as its attributes do; true when it is time to let go.
  private mutating func areTooMany(with known: UInt32, _ tables: [SpanStore.Shard]) -> Bool {
    guard space != nil else { return false }
    let thing = things[Int(known)]
    let shard = tables[Int(thing.table)]
    return touched.areTooMany(with: things.address(of: Int(known)))
      || touched.areTooMany(with: shard.table.sharedAttributes.address(of: Int(thing.attributeStart)))
  }

  private func leaveMemory(
    _ met: borrowing Column<Thing>, _ places: borrowing Column<UInt32>, _ tables: [SpanStore.Shard]
  ) {
    met.leaveMemory()
    places.leaveMemory()
    things.leaveMemory()
    for shard in tables { shard.table.leaveSharedMemory() }
  }

  /// Gives up the things; only once.
  mutating func takeThings() -> Column<Thing> {
    var taken = Column<Thing>()
    swap(&taken, &things)
    index = PlaceIndex()
    return taken
  }
}

/// What many spans share: a resource or a scope.
protocol SharedThing: BitwiseCopyable {
  var table: UInt16 { get }
  var attributeStart: UInt32 { get }
  var attributeCount: UInt32 { get }
  /// All else that makes it up.
  var rest: SIMD2<UInt64> { get }
}

extension Resource: SharedThing {
  var rest: SIMD2<UInt64> {
    SIMD2(UInt64(serviceName.index) << 32 | UInt64(schemaURL.index), UInt64(droppedAttributes))
  }
}

extension InstrumentationScope: SharedThing {
  var rest: SIMD2<UInt64> {
    SIMD2(
      UInt64(name.index) << 32 | UInt64(version.index),
      UInt64(schemaURL.index) << 32 | UInt64(droppedAttributes))
  }
}

extension SpanTable {
  /// Equal for equal things, within one numbering of symbols.
  fileprivate func hash(of thing: some SharedThing) -> UInt64 {
    var hash = Self.mix(Self.mix(Self.hashSeed, thing.rest.x), thing.rest.y)
    for attribute in shared(of: thing) {
      hash = Self.mix(hash, UInt64(attribute.key.index) << 4 | UInt64(attribute.type.rawValue))
      hash = Self.mix(hash, bits(of: attribute))
    }
    return hash
  }

  /// True for equal things of two tables under one numbering of symbols.
  fileprivate static func areEqual<Thing: SharedThing>(
    _ left: Thing, _ right: Thing, _ tables: [SpanStore.Shard]
  ) -> Bool {
    guard left.rest == right.rest, left.attributeCount == right.attributeCount else { return false }
    let (own, others) = (tables[Int(left.table)], tables[Int(right.table)])
    return zip(own.table.shared(of: left), others.table.shared(of: right)).allSatisfy {
      $0.key == $1.key && $0.type == $1.type && own.table.bits(of: $0) == others.table.bits(of: $1)
    }
  }

  private func shared(of thing: some SharedThing) -> UnsafeBufferPointer<Attribute> {
    sharedAttributes.elements(from: Int(thing.attributeStart), count: Int(thing.attributeCount))
  }

  /// Puts resources and scopes under new symbol numbers.
  mutating func renumberShared(by mapping: SymbolMapping) {
    guard !mapping.isIdentity else { return }
    var numbers = SymbolRenumbering(mapping)
    for index in 0..<sharedAttributes.count {
      numbers.renumber(&sharedAttributes[index])
      if index % Self.renumberedAtOnce == 0 { sharedAttributes.leaveMemory() }
    }
    for index in 0..<resources.count {
      numbers.renumber(&resources[index].serviceName)
      numbers.renumber(&resources[index].schemaURL)
      if index % Self.renumberedAtOnce == 0 { resources.leaveMemory() }
    }
    for index in 0..<scopes.count {
      numbers.renumber(&scopes[index].name)
      numbers.renumber(&scopes[index].version)
      numbers.renumber(&scopes[index].schemaURL)
      if index % Self.renumberedAtOnce == 0 { scopes.leaveMemory() }
    }
    mapping.leaveMemory()
    leaveSharedMemory()
  }

  private static var renumberedAtOnce: Int { 1 << 16 }
}
