import TraceAnalysis
import TraceModel

/// Where things about a service are among the conclusions, so that a page of one need not look through those of all.
struct ServiceIndex: Sendable {
  /// The most services that get a page.
  static let mostPages = 2_000

  private var places: [String: Int] = [:]
  private var nodePlaces: [String: Int] = [:]
  private var linkPlaces: [String: [Int]] = [:]
  private var operationRanges: [String: Range<Int>] = [:]
  private var tracePlaces: [String: [Int]] = [:]
  /// The names of the services that have a page.
  let withPage: [String]

  /// Looks through all services, nodes, links, operations and traces once.
  init(_ conclusions: Conclusions, tracesWithPage: Set<TraceID>) {
    for (place, service) in conclusions.services.enumerated() { places[service.name] = place }
    for (place, node) in conclusions.nodes.enumerated() { nodePlaces[node.name] = place }
    for (place, link) in conclusions.links.enumerated() {
      linkPlaces[link.parent, default: []].append(place)
      if link.child != link.parent { linkPlaces[link.child, default: []].append(place) }
    }
    // Ordered by service.
    let operations = conclusions.operations
    var start = 0
    while start < operations.count {
      let end =
        operations[start...].firstIndex { $0.service != operations[start].service } ?? operations.count
      operationRanges[operations[start].service] = start..<end
      start = end
    }
    for (place, trace) in conclusions.traces.enumerated() where tracesWithPage.contains(trace.id) {
      for service in Set(trace.services) { tracePlaces[service, default: []].append(place) }
    }
    withPage = Self.namesWithPage(conclusions)
  }

  /// All, or those that findings and suspicion fall on, then those with most spans.
  private static func namesWithPage(_ conclusions: Conclusions) -> [String] {
    let services = conclusions.services
    guard services.count > mostPages else { return services.map(\.name) }
    let told = Set(conclusions.findings.map(\.service) + conclusions.suspects.map(\.service))
    let order = services.indices.sorted { left, right in
      let (a, b) = (services[left], services[right])
      let (isTold, isOtherTold) = (told.contains(a.name), told.contains(b.name))
      if isTold != isOtherTold { return isTold }
      return a.spanCount != b.spanCount ? a.spanCount > b.spanCount : left < right
    }
    return order.prefix(mostPages).map { services[$0].name }
  }

  /// The place of a service; nil for what is none.
  func place(of name: String) -> Int? { places[name] }

  /// The places of the nodes with these names, in their order.
  func nodes(_ names: Set<String>) -> [Int] { names.compactMap { nodePlaces[$0] }.sorted() }

  /// The places of the links that begin or end at a service, in their order.
  func links(of name: String) -> [Int] { linkPlaces[name] ?? [] }

  /// The places of the traces that have a page and pass through a service, in their order.
  func traces(of name: String) -> [Int] { tracePlaces[name] ?? [] }

  /// The places of the operations of a service.
  func operations(of name: String) -> Range<Int> { operationRanges[name] ?? 0..<0 }
}
