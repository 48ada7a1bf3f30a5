/// Plans traces of an exact number of spans by walking through the landscape's operations.
struct TracePlanner {
  let landscape: Landscape
  var random: RandomSource
  /// The spans of the trace planned last, parents before children.
  private(set) var spans: [PlannedSpan] = []

  init(landscape: Landscape, seed: UInt64) {
    self.landscape = landscape
    random = RandomSource(seed: seed)
  }

  /// Plans an ordinary trace: a request that arrives at a gateway and fans out.
  mutating func planRequest(spanCount: Int, startNano: Int64) {
    begin()
    let gateway = random.below(landscape.gatewayCount)
    addServer(gateway, operation: anyOperation(of: gateway), parent: -1, group: 0)
    // Breadth first spends the budget on fan-out, depth first on nesting; real systems have both.
    let breadthFirst = random.happens(0.7)
    var waiting = [0]
    var first = 0
    while first < waiting.count, spans.count < spanCount {
      let index: Int
      if breadthFirst {
        index = waiting[first]
        first += 1
      } else {
        index = waiting.removeLast()
      }
      expand(index, budget: spanCount, waiting: &waiting)
    }
    fillWithQueries(spanCount)
    finish(startNano: startNano)
  }

  /// Plans a trace in which all spans are children of the root: the query-in-a-loop mistake, mostly.
  mutating func planWide(spanCount: Int, startNano: Int64) {
    begin()
    let service = min(landscape.gatewayCount, landscape.services.count - 1)
    addServer(service, operation: 0, parent: -1, group: 0)
    while spans.count < spanCount {
      let group = spans.count / 8
      if random.happens(0.8) {
        addLeaf(.query, parent: 0, group: group, detail: spans.count % Landscape.statementCount)
      } else {
        addLeaf(random.happens(0.5) ? .cache : .compute, parent: 0, group: group, detail: 0)
      }
    }
    finish(startNano: startNano)
  }

  /// Plans a trace in which every span has one child: client and server in turn, from service to service.
  mutating func planDeep(spanCount: Int, startNano: Int64) {
    begin()
    let serviceCount = landscape.services.count
    let first = random.below(serviceCount)
    addServer(first, operation: 0, parent: -1, group: 0)
    while spans.count < spanCount {
      let parent = spans.count - 1
      let callee = (first + (spans.count + 1) / 2) % serviceCount
      if spans.count % 2 == 1 {
        addClient(.client, of: parent, callee: callee, operation: 0, group: 1)
      } else {
        addServer(callee, operation: 0, parent: parent, group: 1)
      }
      spans[spans.count - 1].ownNano = Int64(20_000 + random.below(20_000))
    }
    finish(startNano: startNano)
  }

  // MARK: Growing the tree

  private mutating func begin() {
    spans.removeAll(keepingCapacity: true)
  }

  private mutating func anyOperation(of service: Int) -> Int {
    // The first operations are asked for most, as in life.
    let count = landscape.services[service].operations.count
    return min(random.below(count), random.below(count))
  }

  private mutating func addServer(
    _ service: Int, operation: Int, parent: Int, group: Int, role: PlannedSpan.Role = .server
  ) {
    let description = landscape.services[service]
    let median = description.operations[operation].medianNano * description.slowness
    var span = PlannedSpan(
      id: random.nextID(), parent: parent, role: role, service: service,
      instance: random.below(description.instances.count), operation: operation, detail: 0, group: group,
      ownNano: Int64(random.logNormal(median: median, sigma: 0.6)),
      staggerNano: parent < 0 ? 0 : Int64(60_000 + random.below(300_000)))
    span.failed = random.happens(description.failureRate)
    span.failsCaller = span.failed
    spans.append(span)
  }

  private mutating func addClient(
    _ role: PlannedSpan.Role, of parent: Int, callee: Int, operation: Int, group: Int
  ) {
    spans.append(
      PlannedSpan(
        id: random.nextID(), parent: parent, role: role, service: spans[parent].service,
        instance: spans[parent].instance, operation: operation, detail: callee, group: group,
        ownNano: Int64(random.logNormal(median: 400_000, sigma: 0.4)),
        staggerNano: Int64(random.below(80_000))))
  }

  private mutating func addLeaf(_ role: PlannedSpan.Role, parent: Int, group: Int, detail: Int) {
    let median: Double =
      switch role {
      case .query: 2_200_000
      case .cache: 300_000
      default: 900_000
      }
    let slowness = landscape.services[spans[parent].service].slowness
    spans.append(
      PlannedSpan(
        id: random.nextID(), parent: parent, role: role, service: spans[parent].service,
        instance: spans[parent].instance, operation: spans[parent].operation, detail: detail, group: group,
        ownNano: Int64(random.logNormal(median: role == .compute ? median * slowness : median, sigma: 0.8)),
        staggerNano: Int64(random.below(40_000))))
  }

  private mutating func expand(_ index: Int, budget: Int, waiting: inout [Int]) {
    let service = spans[index].service
    if spans[index].failed {
      if service == landscape.failingService, spans.count < budget { addTimeout(of: index) }
      return
    }
    for step in landscape.services[service].operations[spans[index].operation].steps {
      if spans.count >= budget { return }
      spans[index].lastGroup = step.group
      switch step.action {
      case .query(let statement): addLeaf(.query, parent: index, group: step.group, detail: statement)
      case .cache: addLeaf(.cache, parent: index, group: step.group, detail: 0)
      case .compute: addLeaf(.compute, parent: index, group: step.group, detail: 0)
      case .call(let callee, let operation):
        addClient(.client, of: index, callee: callee, operation: operation, group: step.group)
        if spans.count >= budget { return }
        addServer(callee, operation: operation, parent: spans.count - 1, group: 1)
        waiting.append(spans.count - 1)
      case .publish(let callee, let operation):
        addClient(.producer, of: index, callee: callee, operation: operation, group: step.group)
        if spans.count >= budget { return }
        addServer(callee, operation: operation, parent: spans.count - 1, group: 1, role: .consumer)
        waiting.append(spans.count - 1)
      }
    }
  }

  /// The outside gateway of the planted failing service did not answer.
  private mutating func addTimeout(of index: Int) {
    addClient(.outsideClient, of: index, callee: 0, operation: spans[index].operation, group: 1)
    spans[spans.count - 1].failed = true
    spans[spans.count - 1].ownNano = Int64(random.logNormal(median: 1_500_000_000, sigma: 0.05))
  }

  /// Reaches the exact number of spans with queries in loops.
  private mutating func fillWithQueries(_ spanCount: Int) {
    while spans.count < spanCount {
      var owner = random.below(spans.count)
      while spans[owner].role != .server, spans[owner].role != .consumer { owner = spans[owner].parent }
      let statement = random.below(Landscape.statementCount)
      for _ in 0..<min(random.within(1...12), spanCount - spans.count) {
        spans[owner].lastGroup += 1
        addLeaf(.query, parent: owner, group: spans[owner].lastGroup, detail: statement)
      }
    }
  }

  // MARK: Working out times and errors

  private mutating func finish(startNano: Int64) {
    sumUp()
    placeInTime(startNano: startNano)
  }

  /// From the leaves up: durations, and failures that reach callers.
  private mutating func sumUp() {
    for index in spans.indices.reversed() {
      let groups = spans[index].groupsNano + spans[index].openGroupNano
      if spans[index].openGroupNano > 0 { spans[index].groupCount += 1 }
      spans[index].durationNano = max(1, spans[index].ownNano + groups)
      let child = spans[index]
      guard child.parent >= 0, child.role != .consumer else { continue }
      if child.failed, child.failsCaller || random.happens(0.7) { fail(child.parent) }
      if spans[child.parent].openGroup != child.group {
        spans[child.parent].groupsNano += spans[child.parent].openGroupNano
        if spans[child.parent].openGroupNano > 0 { spans[child.parent].groupCount += 1 }
        spans[child.parent].openGroup = child.group
        spans[child.parent].openGroupNano = 0
      }
      spans[child.parent].openGroupNano = max(
        spans[child.parent].openGroupNano, child.staggerNano + child.durationNano)
    }
  }

  private mutating func fail(_ index: Int) {
    spans[index].failed = true
    // A client span always fails its server span's way; a server may swallow what its callee did.
    spans[index].failsCaller = spans[index].role == .server
  }

  /// From the root down: starts. A span's own work is spread evenly before, between and after its groups.
  private mutating func placeInTime(startNano: Int64) {
    for index in spans.indices {
      spans[index].openGroup = -1
      spans[index].openGroupNano = 0
      let parent = spans[index].parent
      if parent < 0 {
        spans[index].startNano = startNano
      } else if spans[index].role == .consumer {
        let queued = Int64(random.logNormal(median: 8_000_000, sigma: 1))
        spans[index].startNano = spans[parent].startNano + spans[parent].durationNano + queued
      } else {
        placeInGroup(index, of: parent)
      }
      let slice = spans[index].ownNano / (spans[index].groupCount + 1)
      // From here on: where the open group of the children starts.
      spans[index].groupsNano = spans[index].startNano
      spans[index].ownNano = slice
    }
  }

  private mutating func placeInGroup(_ index: Int, of parent: Int) {
    if spans[parent].openGroup != spans[index].group {
      spans[parent].groupsNano += spans[parent].openGroupNano + spans[parent].ownNano
      spans[parent].openGroup = spans[index].group
      spans[parent].openGroupNano = 0
    }
    spans[index].startNano = spans[parent].groupsNano + spans[index].staggerNano
    spans[parent].openGroupNano = max(
      spans[parent].openGroupNano, spans[index].staggerNano + spans[index].durationNano)
  }
}
