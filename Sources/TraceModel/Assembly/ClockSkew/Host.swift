/// Where a span ran, as far as it says: its resource's host keys and the addresses of its own endpoint.
struct Host: BitwiseCopyable {
  var resource: UInt32
  var ipv4: Symbol
  var ipv6: Symbol

  /// True when an address is known on both sides and equal (Zipkin's notion of one host).
  func hasAddress(of other: Host) -> Bool {
    (!ipv6.isEmpty && ipv6 == other.ipv6) || (!ipv4.isEmpty && ipv4 == other.ipv4)
  }

  /// True when it has no address.
  var isWithoutAddress: Bool { ipv4.isEmpty && ipv6.isEmpty }
}

/// What is known of two spans' machines.
enum HostRelation {
  case same
  case different
  case unknown
}

extension HostProfiles {
  /// Compares by the first key that both carry.
  ///
  /// - Complexity: O(keys), of which there are 12.
  func relation(_ left: Host, _ right: Host) -> HostRelation {
    if left.isWithoutAddress, right.isWithoutAddress { return relation(left.resource, right.resource) }
    var (a, b) = (Keys(left, self), Keys(right, self))
    var (first, second) = (a.next(), b.next())
    while let one = first, let other = second {
      if one.rank == other.rank { return one == other ? .same : .different }
      if one.rank < other.rank { first = a.next() } else { second = b.next() }
    }
    return .unknown
  }

  /// True when it says nothing about where it ran.
  func isEmpty(_ host: Host) -> Bool { host.isWithoutAddress && entries(of: host.resource).isEmpty }

  /// The keys of a host in their order, the addresses of the endpoint among those of the resource.
  private struct Keys {
    private var rest: ArraySlice<Entry>
    private var addresses: [Entry?]
    private var nextAddress = 0

    init(_ host: Host, _ profiles: HostProfiles) {
      rest = profiles.entries(of: host.resource)
      addresses = []
      if !host.isWithoutAddress {
        addresses = [Self.entry(ipv6Rank, host.ipv6), Self.entry(ipv4Rank, host.ipv4)]
      }
    }

    private static func entry(_ rank: UInt8, _ symbol: Symbol) -> Entry? {
      guard !symbol.isEmpty else { return nil }
      return Entry(rank: rank, type: AttributeType.text.rawValue, value: UInt64(symbol.index))
    }

    mutating func next() -> Entry? {
      while nextAddress < addresses.count {
        guard let address = addresses[nextAddress] else {
          nextAddress += 1
          continue
        }
        if let first = rest.first, first.rank < address.rank { break }
        nextAddress += 1
        return address
      }
      return rest.popFirst()
    }
  }
}
