/// Where a span runs, as two numbers: service and IPv4 address, IPv6 address and port; absent parts are 0.
///
/// Of formats other than Zipkin's only the service counts.
struct EndpointKey: BitwiseCopyable, Equatable {
  private var upper: UInt64
  private var lower: UInt64
  private var isZipkin: Bool

  init(_ record: UnsafePointer<SpanRecord>, _ service: Symbol, _ endpoints: EndpointPair) {
    isZipkin = record.pointee.traits.contains(.zipkin)
    upper = UInt64(service.index) << 32
    lower = 0
    if isZipkin {
      upper |= UInt64(endpoints.local.ipv4.index)
      lower = UInt64(endpoints.local.ipv6.index) << 32 | UInt64(endpoints.local.port)
    }
  }

  /// An order of numbers that nothing printed depends on: it is for finding only.
  func isBefore(_ other: EndpointKey) -> Bool {
    if upper != other.upper { return upper < other.upper }
    if lower != other.lower { return lower < other.lower }
    return !isZipkin && other.isZipkin
  }

  /// True when it comes before everything that matches the wanted one.
  func isBelow(_ wanted: EndpointKey) -> Bool {
    guard wanted.isZipkin else { return upper >> 32 < wanted.upper >> 32 }
    return upper != wanted.upper ? upper < wanted.upper : lower < wanted.lower
  }

  /// True when a child that runs at the wanted place belongs to the half that runs here.
  func matches(_ wanted: EndpointKey) -> Bool {
    guard wanted.isZipkin, isZipkin else { return upper >> 32 == wanted.upper >> 32 }
    return upper == wanted.upper && lower == wanted.lower
  }
}

extension TraceAssembler {
  /// The endpoints of a node; of a fused one those that its records had together.
  func endpoints(of node: SpanNode) -> EndpointPair {
    let record = recordPointer(of: node)
    if node.marks.contains(.fused) { return fusedEndpoints[Int(record.pointee.endpoints)] }
    guard record.pointee.endpoints != 0 else { return EndpointPair() }
    return store.endpoints(of: record.pointee)
  }
}

extension Endpoint {
  /// True when a field is known on both sides and differs.
  func contradicts(_ other: Endpoint) -> Bool {
    func differ(_ left: Symbol, _ right: Symbol) -> Bool {
      !left.isEmpty && !right.isEmpty && left != right
    }
    return differ(service, other.service) || differ(ipv4, other.ipv4) || differ(ipv6, other.ipv6)
      || (port != 0 && other.port != 0 && port != other.port)
  }

  /// Takes over the fields it lacks.
  mutating func collect(_ other: Endpoint) {
    if service.isEmpty { service = other.service }
    if ipv4.isEmpty { ipv4 = other.ipv4 }
    if ipv6.isEmpty { ipv6 = other.ipv6 }
    if port == 0 { port = other.port }
  }
}
