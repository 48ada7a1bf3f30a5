/// What is known of the host of every resource, to tell whether two spans ran on one machine.
///
/// Two spans are on the same host if the first key that both carry is equal, on different hosts if it differs, and
/// nothing is known if they share no key.
package final class HostProfiles: Sendable {
  /// A key that names a host, with its value: equal bits mean equal values.
  struct Entry: BitwiseCopyable, Equatable {
    var rank: UInt8
    var type: UInt8
    var value: UInt64
  }

  /// Keys from the most to the least telling; the addresses of a Zipkin endpoint stand between them.
  static let keys = [
    "host.id", "host.ip", "host.name", "k8s.node.name", "ip", "hostname", ipv6, ipv4,
    "k8s.pod.uid", "k8s.pod.name", "container.id", "service.instance.id",
  ]
  private static let ipv6 = "(endpoint ipv6)"
  private static let ipv4 = "(endpoint ipv4)"
  static let ipv6Rank: UInt8 = 6
  static let ipv4Rank: UInt8 = 7

  // Columns, since arrays would be retained by all threads for nearly every span.
  let entries: Column<Entry>
  private let starts: Column<UInt32>
  private let jaegerHosts: Column<Entry>

  /// Looks up the host keys of every resource of a store.
  ///
  /// - Complexity: O(attributes of resources).
  package init(_ store: SpanStore) {
    var ranks: [Symbol: UInt8] = [:]
    for (rank, key) in Self.keys.enumerated() {
      if let symbol = store.symbols.find(key) { ranks[symbol] = UInt8(rank) }
    }
    var entries = Column<Entry>()
    var starts = Column<UInt32>()
    var jaegerHosts = Column<Entry>()
    if let space = store.resourceSpill {
      entries.moveToFile(in: space)
      starts.moveToFile(in: space)
      jaegerHosts.moveToFile(in: space)
    }
    starts.append(0)
    for resource in store.resources.elements {
      var found: [Entry] = []
      for attribute in store.attributes(of: resource) {
        guard let rank = ranks[attribute.key],
          let entry = Self.entry(rank, attribute, resource, store)
        else { continue }
        found.removeAll { $0.rank == rank }
        found.append(entry)
      }
      found.sort { $0.rank < $1.rank }
      for entry in found { entries.append(entry) }
      starts.append(UInt32(entries.count))
      jaegerHosts.append(Self.jaegerHost(found))
      if starts.count & 0xffff == 0 {
        store.leaveMemory()
        entries.leaveMemory()
        starts.leaveMemory()
        jaegerHosts.leaveMemory()
      }
    }
    self.entries = entries
    self.starts = starts
    self.jaegerHosts = jaegerHosts
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() {
    entries.leaveMemory()
    starts.leaveMemory()
    jaegerHosts.leaveMemory()
  }

  private static func entry(
    _ rank: UInt8, _ attribute: Attribute, _ resource: Resource, _ store: SpanStore
  ) -> Entry? {
    var entry = Entry(rank: rank, type: attribute.type.rawValue, value: UInt64(attribute.payload))
    switch attribute.type {
    case .empty: return nil
    case .boolean, .bytes, .array, .map: return entry
    case .text: return attribute.payload == 0 ? nil : entry
    case .integer, .double:
      entry.value = store.wideValue(of: attribute, table: resource.table)
    case .smallInteger: entry.value = UInt64(bitPattern: Int64(Int32(bitPattern: attribute.payload)))
    }
    // Jaeger clients write an IPv4 address as one number: it is the same host as the dotted text.
    guard attribute.type != .double, keys[Int(rank)] == "ip" || keys[Int(rank)] == "host.ip",
      let symbol = store.symbols.find(dottedText(UInt32(truncatingIfNeeded: entry.value)))
    else { return entry }
    return Entry(rank: rank, type: AttributeType.text.rawValue, value: UInt64(symbol.index))
  }

  private static func dottedText(_ address: UInt32) -> String {
    [24, 16, 8, 0].map { String(address >> $0 & 0xff) }.joined(separator: ".")
  }

  /// The process tag `ip`, else `host.id`, `host.ip`, `host.name`; a rank of 255 when there is none.
  private static func jaegerHost(_ found: [Entry]) -> Entry {
    let ip = found.first { keys[Int($0.rank)] == "ip" }
    var host = ip ?? found.first { $0.rank <= 2 } ?? Entry(rank: .max, type: 0, value: 0)
    // Values are compared whatever key they stand under.
    if host.rank != .max { host.rank = 0 }
    return host
  }

  /// Where the host keys of a resource stand, from the most to the least telling.
  func places(of resource: UInt32) -> Range<Int> {
    Int(starts[Int(resource)])..<Int(starts[Int(resource) + 1])
  }

  /// The host as Jaeger's backend sees it; nil when it is empty.
  func jaegerHost(of resource: UInt32) -> Entry? {
    let host = jaegerHosts[Int(resource)]
    return host.rank == .max ? nil : host
  }
}
