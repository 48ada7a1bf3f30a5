/// Where a span runs, to find the shared half that it belongs to. Of formats other than Zipkin's only the service counts.
struct EndpointKey: BitwiseCopyable, Equatable {
  private var endpoint: Endpoint
  private var isZipkin: Bool

  init(_ record: UnsafePointer<SpanRecord>, _ service: Symbol, _ endpoints: EndpointPair) {
    isZipkin = record.pointee.traits.contains(.zipkin)
    endpoint = isZipkin ? endpoints.local : Endpoint()
    endpoint.service = service
  }

  /// True when it comes before everything that matches the wanted one.
  func isBelow(_ wanted: EndpointKey, _ symbols: borrowing SymbolTable) -> Bool {
    let service = symbols.compare(endpoint.service, wanted.endpoint.service)
    guard service == 0, wanted.isZipkin else { return service < 0 }
    let ipv4 = symbols.compare(endpoint.ipv4, wanted.endpoint.ipv4)
    if ipv4 != 0 { return ipv4 < 0 }
    let ipv6 = symbols.compare(endpoint.ipv6, wanted.endpoint.ipv6)
    return ipv6 != 0 ? ipv6 < 0 : endpoint.port < wanted.endpoint.port
  }

  /// True when a child that runs at the wanted place belongs to the half that runs here.
  func matches(_ wanted: EndpointKey) -> Bool {
    guard wanted.isZipkin, isZipkin else { return endpoint.service == wanted.endpoint.service }
    return endpoint == wanted.endpoint
  }

  /// Orders halves by what `isBelow` looks at, those of other formats after Zipkin's.
  func isBefore(_ other: EndpointKey, _ symbols: borrowing SymbolTable) -> Bool {
    var (left, right) = (self, other)
    (left.isZipkin, right.isZipkin) = (true, true)
    if left.endpoint != right.endpoint { return left.isBelow(right, symbols) }
    return isZipkin && !other.isZipkin
  }
}

extension TraceAssembler {
  /// The endpoints of a node; of a fused one those that its records had together.
  func endpoints(of node: SpanNode) -> EndpointPair {
    let record = recordPointer(of: node)
    guard node.marks.contains(.fused) else { return store.endpoints(of: record.pointee) }
    return fusedEndpoints[Int(extraFields(of: record.pointee).endpoints)]
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
