import TraceModel

/// Replays policies and says what each keeps and loses.
package struct Simulator {
  let input: SimulationInput
  private let entryPoints: Population
  /// All requests, by duration.
  let everything: Population
  /// What each trace stands for; nil when every trace is one.
  let standing: StoredRows<Double>?
  private let services: Population
  private let serviceNames: [String]
  private let serviceOfOperation: [Int32]
  let isSlow: StoredRows<Bool>
  let tracesOfOperation: [Int]

  /// Prepares what all policies are measured by.
  ///
  /// - Complexity: O(spans log spans).
  package init(_ input: SimulationInput) {
    self.input = input
    serviceNames = Set(input.operations.map(\.service)).sorted()
    var numbers: [String: Int32] = [:]
    for (number, name) in serviceNames.enumerated() { numbers[name] = Int32(number) }
    let serviceOfOperation = input.operations.map { numbers[$0.service] ?? 0 }
    self.serviceOfOperation = serviceOfOperation
    let standing =
      input.isWeighted ? StoredRows(input.traces.lazy.map(input.standing), in: input.space) : nil
    self.standing = standing
    entryPoints = Population(
      input.measuredRequests, groups: input.operations.count, standing: standing, in: input.space)
    everything = Population(
      input.measuredRequests.lazy.map(\.inOneGroup), groups: 1, standing: standing, in: input.space)
    services = Population(
      input.spans.lazy.compactMap { span -> Population.Item? in
        guard span.isRequest else { return nil }
        return Population.Item(
          group: serviceOfOperation[Int(span.operation)],
          traceAndError: span.traceAndError & 0xbfff_ffff, duration: span.duration)
      }, groups: serviceNames.count, standing: standing, in: input.space)
    isSlow = Self.slowTraces(entryPoints, input)
    tracesOfOperation = Self.tracesOfOperations(input)
  }

  /// The traces at least as long as the 99th percentile of their entry point.
  private static func slowTraces(_ entryPoints: Population, _ input: SimulationInput) -> StoredRows<Bool> {
    let count = input.traces.count
    var isSlow = Column<Bool>(zeroes: count, in: input.space?.forTable(bytes: count))
    var found = 0
    for range in entryPoints.groups where !range.isEmpty {
      let rank = max(1, Int((0.99 * Double(range.count)).rounded(.up)))
      let bound = entryPoints.items[range.lowerBound + rank - 1].duration
      var place = range.upperBound - 1
      while place >= range.lowerBound, entryPoints.items[place].duration >= bound {
        isSlow[entryPoints.items[place].trace] = true
        place -= 1
        found += 1
        if found % SpillSpace.scatteredRows == 0 { isSlow.leaveMemory() }
      }
    }
    return StoredRows(isSlow)
  }

  private static func tracesOfOperations(_ input: SimulationInput) -> [Int] {
    var counts = [Int](repeating: 0, count: input.operations.count)
    var last = [Int](repeating: -1, count: input.operations.count)
    for span in input.spans where last[Int(span.operation)] != span.trace {
      last[Int(span.operation)] = span.trace
      counts[Int(span.operation)] += 1
    }
    return counts
  }

  /// Replays every policy, and beside each Collector policy consistent head sampling of as many spans.
  ///
  /// - Complexity: O(policies × spans), a policy a thread.
  package func run(threads: Int) -> SimulationResult {
    var result = SimulationResult()
    for trace in input.traces { result.total.add(trace, standing: input.standing(trace)) }
    result.isWeighted = input.isWeighted
    result.seconds = seconds
    result.joined = input.joined.map {
      JoinedThings(words: $0.subject.words, rest: $0.subject.rest, count: $0.count)
    }
    let everything = PolicyReplay.keepingAll(input)
    result.visible = sight(of: everything).visible
    let total = result.total
    let outcomes = Slots<[PolicyOutcome]>(count: input.policies.count)
    let examples = chosenExamples()
    let explained = Slots<[ExplainedTrace.Decision]>(count: input.policies.count)
    ParallelLoop.run(input.policies.count, threads: threads) { number in
      let replay = PolicyReplay(input.policies[number], over: input)
      explained.set(number, examples.map { self.explained(replay, $0) })
      var both = [outcome(of: replay)]
      if case .collector = replay.policy.kind, let yardstick = yardstick(both[0], total) {
        both.append(yardstick)
      }
      outcomes.set(number, both)
    }
    result.policies = outcomes.values.flatMap(\.self)
    result.examples = self.examples(examples, explained.values)
    result.arrived = ArrivedSampling(input, entryPoints) { input.operations[$0] }
    result.advice = SamplingAdvice.findings(result, input.policies)
    return result
  }

  /// From the first start to the last end, in seconds.
  package var seconds: Double {
    var (least, greatest) = (Int64.max, Int64.min)
    for trace in input.traces {
      if trace.start != 0 { least = min(least, trace.start) }
      greatest = max(greatest, trace.latestEnd)
    }
    return least < greatest ? max((UnixNanoseconds(greatest) - UnixNanoseconds(least)).seconds, 1e-3) : 1e-3
  }

  private func yardstick(_ outcome: PolicyOutcome, _ total: KeptAmount) -> PolicyOutcome? {
    guard outcome.kept.spans > 0, outcome.kept.spans < total.spans else { return nil }
    let ratio = Double(outcome.kept.spans) / Double(total.spans)
    guard let sampler = HeadSampler(.consistent, ratio: ratio) else { return nil }
    let name = "consistent:" + RatioText.text(ratio)
    var yardstick = self.outcome(
      of: PolicyReplay(SamplingPolicy(name: name, kind: .head(sampler)), over: input))
    yardstick.isYardstick = true
    yardstick.meaning = "head sampling of as many spans as \(outcome.name)"
    return yardstick
  }

  // MARK: One policy

  private func outcome(of replay: PolicyReplay) -> PolicyOutcome {
    var outcome = sight(of: replay)
    outcome.name = replay.policy.name
    outcome.meaning = PolicyWords.meaning(of: replay.policy)
    outcome.rules = replay.rules
    var chances = ChanceCount()
    for entry in replay.entries {
      chances.add(entry)
      if entry.decision == .dropped { outcome.dropped += 1 }
    }
    outcome.chances = chances
    let weights = replay.entries.indices.lazy.map { number -> Double in
      let entry = replay.entries[number]
      guard entry.decision == .sampled else { return 0 }
      return (entry.probability > 0 ? 1 / entry.probability : 1) * (standing?[number] ?? 1)
    }
    var estimator = Estimator(weights: weights, in: input.space)
    outcome.overall = estimator.estimate(everything, 0)
    estimateRules(replay, &estimator, &outcome)
    outcome.entryPoints = estimates(entryPoints, &estimator) { input.operations[$0] }
    outcome.services = estimates(services, &estimator) {
      OperationKey(service: serviceNames[$0], operation: "")
    }
    return outcome
  }

  private func estimates(
    _ population: Population, _ estimator: inout Estimator, _ name: (Int) -> OperationKey
  ) -> [PopulationEstimate] {
    var estimates: [PopulationEstimate] = []
    for group in population.groups.indices where !population.groups[group].isEmpty {
      var estimate = estimator.estimate(population, group)
      (estimate.service, estimate.operation) = (name(group).service, name(group).operation)
      estimates.append(estimate)
    }
    // The sort is stable in effect: names break ties.
    return estimates.sorted {
      $0.requests.truth != $1.requests.truth
        ? $0.requests.truth > $1.requests.truth
        : ($0.service, $0.operation) < ($1.service, $1.operation)
    }
  }

  /// What is kept and can be found.
  private func sight(of replay: PolicyReplay) -> PolicyOutcome {
    var outcome = PolicyOutcome()
    var seenOperations = [Bool](repeating: false, count: input.operations.count)
    var seenLinks = [Bool](repeating: false, count: input.links.count)
    for (number, entry) in replay.entries.enumerated() where entry.decision == .sampled {
      let trace = input.traces[number]
      outcome.kept.add(trace, standing: input.standing(trace))
      if trace.traits.contains(.hasError) { outcome.visible.errorTraces += 1 }
      if isSlow[number] { outcome.visible.slowTraces += 1 }
      for span in input.spans[trace.spanStart..<trace.spanStart + Int(trace.spanCount)] {
        seenOperations[Int(span.operation)] = true
      }
      for link in input.traceLinks[trace.linkStart..<trace.linkStart + Int(trace.linkCount)] {
        seenLinks[Int(link)] = true
      }
    }
    var seenServices = [Bool](repeating: false, count: serviceNames.count)
    for (number, isSeen) in seenOperations.enumerated() {
      if isSeen {
        outcome.visible.operations += 1
        seenServices[Int(serviceOfOperation[number])] = true
        if tracesOfOperation[number] < 10 { outcome.visible.rareOperations += 1 }
      } else if outcome.lostOperations.count < 50 {
        outcome.lostOperations.append(input.operations[number])
      }
    }
    outcome.visible.services = seenServices.count(where: \.self)
    outcome.lostServices = Array(
      serviceNames.indices.lazy.filter { !seenServices[$0] }.prefix(50).map { serviceNames[$0] })
    outcome.visible.links = seenLinks.count(where: \.self)
    outcome.lostLinks = Array(
      input.links.indices.lazy.filter { !seenLinks[$0] }.prefix(50).map { input.links[$0] })
    return outcome
  }
}
