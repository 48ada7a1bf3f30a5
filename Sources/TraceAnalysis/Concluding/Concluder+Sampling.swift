import TraceModel

extension Concluder {
  /// Adds what the archives say of their own sampling; figures in all only where 95 % of the traces have a weight.
  func conclude(sampling conclusions: inout Conclusions) {
    var arrived = ArrivedSampling()
    for row in digest.estimates where row.scope == .scheme { arrived.add(row) }
    for row in digest.estimates where row.scope == .audit && row.sums.traces >= ArrivedSampling.leastAudited {
      guard HeadSampler.Rule.allCases.indices.contains(row.third) else { continue }
      let rule = HeadSampler.Rule.allCases[row.third]
      arrived.audit.append((rule.rawValue, Self.share(row.sums.items, of: row.sums.traces)))
      arrived.ratio = row.sums.traceWeight.value / Double(row.sums.traces)
    }
    if arrived.isKnown, arrived.isScaled {
      scaleRequests(&arrived, &conclusions)
      arrived.entryPoints.sort(by: PopulationEstimate.isOrdered)
      arrived.services.sort(by: PopulationEstimate.isOrdered)
      arrived.seconds = seconds
    }
    arrived.takeNotes()
    conclusions.arrived = arrived
  }

  private func scaleRequests(_ arrived: inout ArrivedSampling, _ conclusions: inout Conclusions) {
    var entryPoints: [OperationKey: Int] = [:]
    for (place, entry) in conclusions.entryPoints.enumerated() {
      entryPoints[OperationKey(service: entry.service, operation: entry.operation)] = place
    }
    var services: [String: Int] = [:]
    for (place, service) in conclusions.services.enumerated() { services[service.name] = place }
    for row in digest.estimates {
      switch row.scope {
      case .scheme, .audit, .operation, .link: continue
      case .everything: arrived.overall = row.population
      case .entryPoint:
        let population = named(row)
        arrived.entryPoints.append(population)
        let key = OperationKey(service: population.service, operation: population.operation)
        if let place = entryPoints[key] { conclusions.entryPoints[place].estimated = population }
      case .service:
        var population = row.population
        population.service = name(row.first)
        arrived.services.append(population)
        if let place = services[population.service] { conclusions.services[place].estimated = population }
      }
    }
  }

  private func named(_ row: EstimateRow) -> PopulationEstimate {
    var population = row.population
    population.service = name(row.first)
    population.operation = name(row.second)
    return population
  }

  /// Scales operations and calls, of which there may be many: by their keys.
  func scaleOperationsAndLinks(_ conclusions: inout Conclusions) {
    guard conclusions.arrived.isWeighted else { return }
    var populations: [RowKey: PopulationEstimate] = [:]
    for row in digest.estimates where row.scope == .operation || row.scope == .link {
      populations[row.key] = row.population
    }
    for (place, row) in digest.operations.enumerated() where conclusions.operations.indices.contains(place) {
      let key = RowKey(
        EstimateRow.Scope.operation.rawValue, row.service.number, row.name.number, Int(row.kind.rawValue))
      conclusions.operations[place].estimated = populations[key]
    }
    for (place, row) in digest.links.enumerated() where conclusions.links.indices.contains(place) {
      let key = RowKey(
        EstimateRow.Scope.link.rawValue, row.parent.number, row.child.number, row.type.number)
      // Calls that only span links join are not weighed: then nothing is said rather than a part.
      guard let population = populations[key], population.items == row.latency.count else { continue }
      conclusions.links[place].estimated = population
    }
  }
}
