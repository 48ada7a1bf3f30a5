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
    // Most calls stay within a process.
    if left.resource == right.resource, left.isWithoutAddress, right.isWithoutAddress {
      return places(of: left.resource).isEmpty ? .unknown : .same
    }
    var (a, b) = (Keys(left, self), Keys(right, self))
    var (first, second) = (a.next(self), b.next(self))
    while let one = first, let other = second {
      if one.rank == other.rank { return one == other ? .same : .different }
      if one.rank < other.rank { first = a.next(self) } else { second = b.next(self) }
    }
    return .unknown
  }

  /// True when it says nothing about where it ran.
  func isEmpty(_ host: Host) -> Bool { host.isWithoutAddress && places(of: host.resource).isEmpty }

  /// The keys of a host in their order, the addresses of the endpoint among those of the resource.
  ///
  /// Holds places only, since nearly every span is compared: entries would have to be retained.
  private struct Keys {
    private var rest: Range<Int>
    private var ipv6: Entry?
    private var ipv4: Entry?

    init(_ host: Host, _ profiles: HostProfiles) {
      rest = profiles.places(of: host.resource)
      ipv6 = Self.entry(ipv6Rank, host.ipv6)
      ipv4 = Self.entry(ipv4Rank, host.ipv4)
    }

    private static func entry(_ rank: UInt8, _ symbol: Symbol) -> Entry? {
      guard !symbol.isEmpty else { return nil }
      return Entry(rank: rank, type: AttributeType.text.rawValue, value: UInt64(symbol.index))
    }

    mutating func next(_ profiles: HostProfiles) -> Entry? {
      let ofResource = rest.isEmpty ? nil : profiles.entries[rest.lowerBound]
      if let address = ipv6 ?? ipv4, (ofResource?.rank ?? .max) >= address.rank {
        if ipv6 != nil { ipv6 = nil } else { ipv4 = nil }
        return address
      }
      if ofResource != nil { rest = rest.lowerBound + 1..<rest.upperBound }
      return ofResource
    }
  }
}
