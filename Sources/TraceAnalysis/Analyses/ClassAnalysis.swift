import TraceModel

/// Self time by the service it belongs to, in requests that touch the same services (analysis, sections 1 and 2).
///
/// The time of a span whose only child is in another service lies between the two: it belongs to the call, hence to
/// the called service. Booking it on the caller would blame callers for slow networks and slow callees.
struct ClassAnalysis: Analysis, ~Copyable {
  private struct Part: BitwiseCopyable {
    var time: Int64 = 0
    var squares: UInt128 = 0
    var spans = 0
  }

  private struct Current: BitwiseCopyable {
    var time: Int64 = 0
    var spans = 0
  }

  private struct Key: BitwiseCopyable {
    var entryPoint: Int
    var services: UInt64
  }

  private var servicesIndex = KeyIndex()
  /// By the number of the services and the entry point.
  private var classIndex = KeyIndex()
  private var keys = Column<Key>()
  private var counts = Column<Int>()
  private var partIndex = KeyIndex()
  private var parts = Column<Part>()
  private var hashes = Column<UInt64>()
  private var tallies = Column<DurationTally>()
  private var histograms = Histograms(joining: 2)
  /// By the numbers of services, for the trace at hand.
  private var current = Column<Current>()

  init() {}

  mutating func observe(_ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed) {
    guard seen.isMeasured else { return }
    while hashes.count < seen.services.count {
      hashes.append(StableHash.number(of: seen.text(seen.services[hashes.count])))
      current.append(Current())
      tallies.append(DurationTally())
    }
    let current = self.current.mutableElements
    for place in 0..<spans.count {
      let service = seen.service[place]
      let callee = seen.soleCallee(spans, place)
      let owner = Int(callee >= 0 ? callee : service)
      current[owner].time = current[owner].time.saturatingSum(spans[place].selfTime.rawValue)
      current[Int(service)].spans &+= 1
    }
    var hash: UInt64 = 0
    for index in 0..<seen.reached.count { hash ^= hashes[Int(seen.reached[index])] }
    let number = traceClass(Key(entryPoint: seen.entryPoint, services: hash == 0 ? 1 : hash))
    counts[number] &+= 1
    for index in 0..<seen.reached.count { partIndex.prefetch(Self.partKey(number, seen.reached[index])) }
    for index in 0..<seen.reached.count {
      let service = Int(seen.reached[index])
      let place = partIndex.place(of: Self.partKey(number, seen.reached[index]))
      if place == parts.count { parts.append(Part()) }
      let part = parts.mutableElements
      let time = min(current[service].time, 1 << 50)
      part[place].time = part[place].time.saturatingSum(time)
      part[place].squares &+= UInt128(UInt64(time)) &* UInt128(UInt64(time))
      part[place].spans &+= current[service].spans
      tallies.mutableElements[service].add(time)
      histograms.add(service, time)
      current[service] = Current()
    }
  }

  @inline(__always)
  private static func partKey(_ number: Int, _ service: Int32) -> UInt64 {
    UInt64(number) << 21 | UInt64(service)
  }

  private mutating func traceClass(_ key: Key) -> Int {
    let services = servicesIndex.place(of: min(key.services, .max - 1))
    // There are fewer than 2^24 entry points (`Observed.entryPointLimit`).
    let number = classIndex.place(of: UInt64(services) << 24 | UInt64(key.entryPoint))
    if number == keys.count {
      keys.append(key)
      counts.append(0)
    }
    return number
  }

  var rowBytes: Int {
    TraceClassRow.bytes(keys.count) + ClassPartRow.bytes(parts.count)
  }

  mutating func report(to digest: inout Digest, _ seen: inout Observed) {
    for number in 0..<keys.count {
      var row = TraceClassRow()
      row.entryPoint = Int32(keys[number].entryPoint)
      row.services = keys[number].services
      row.traces = counts[number]
      digest.traceClasses.append(row)
    }
    let reader = histograms.reader()
    for number in 0..<tallies.count where tallies[number].count > 0 {
      var row = OwnTimeRow()
      row.service = seen.services[number]
      row.times = histograms.sketch(tallies[number], number, reader)
      digest.ownTimes.append(row)
    }
    for place in 0..<partIndex.count {
      var row = ClassPartRow()
      row.traceClass = Int32(truncatingIfNeeded: partIndex.keys[place] >> 21)
      row.service = seen.services[Int(partIndex.keys[place] & 0x1fffff)]
      row.time = parts[place].time
      row.squares = parts[place].squares
      row.spans = parts[place].spans
      digest.classParts.append(row)
    }
  }
}
