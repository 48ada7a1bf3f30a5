import TraceModel

/// One of two digests, in common numbers, summed up for comparing.
struct ComparedSide {
  /// Self time that belongs to a service, gaps of calls to it included.
  struct Part {
    var time = 0.0
    var squares = 0.0
    var spans = 0
  }

  /// Requests of one kind, with the time of each service in them.
  struct Kind {
    var traces = 0
    var times: [Int: Double] = [:]
  }

  struct EntryPoint: Hashable {
    var service: Int
    var operation: Int
  }

  struct Class {
    var entryPoint: EntryPoint
    var services: UInt64
    var kind: Kind
  }

  let digest: Digest
  let names: [Int]
  let operations: [Int]
  /// Requests measured.
  private(set) var requests = 0
  private(set) var requestTime = 0.0
  private(set) var parts: [Int: Part] = [:]
  private(set) var classes: [Class] = []
  private(set) var bySet: [UInt64: Kind] = [:]
  private(set) var byEntryPoint: [EntryPoint: Kind] = [:]
  private(set) var all = Kind()
  /// Time of a service over the requests that touch it.
  private(set) var ownTimes: [Int: DurationSketch] = [:]

  init(_ digest: Digest, _ shared: inout SharedNames) {
    self.digest = digest
    names = shared.numbers(of: digest)
    operations = shared.operationNumbers(of: digest, names)
    for entry in digest.entryPoints {
      requests += entry.durations.count
      requestTime += Double(entry.durations.sum)
    }
    for row in digest.ownTimes { ownTimes[names[row.service.number]] = row.times }
    classes = digest.traceClasses.map { row in
      let entry = digest.entryPoints[Int(row.entryPoint)]
      return Class(
        entryPoint: EntryPoint(
          service: names[entry.service.number], operation: names[entry.operation.number]),
        services: row.services, kind: Kind(traces: row.traces))
    }
    for row in digest.classParts {
      let service = names[row.service.number]
      classes[Int(row.traceClass)].kind.times[service, default: 0] += Double(row.time)
      parts[service, default: Part()].time += Double(row.time)
      parts[service, default: Part()].squares += Double(row.squares)
      parts[service, default: Part()].spans += row.spans
    }
    for one in classes {
      bySet[one.services, default: Kind()].add(one.kind)
      byEntryPoint[one.entryPoint, default: Kind()].add(one.kind)
      all.add(one.kind)
    }
  }

  /// Moves time from a service to the one that its unanswered calls usually reach.
  mutating func move(_ time: Double, from service: Int, to callee: Int) {
    parts[service, default: Part()].time -= time
    parts[callee, default: Part()].time += time
  }

  /// Spread of a service's time over all requests, zeros counted.
  func deviation(of service: Int) -> Double {
    guard requests > 1, let part = parts[service] else { return 0 }
    let mean = part.time / Double(requests)
    return max(part.squares / Double(requests) - mean * mean, 0).squareRoot()
  }
}

extension ComparedSide.Kind {
  mutating func add(_ other: Self) {
    traces += other.traces
    // In order, so that sums of fractions come out the same in every run.
    for service in other.times.keys.sorted() { times[service, default: 0] += other.times[service] ?? 0 }
  }
}
