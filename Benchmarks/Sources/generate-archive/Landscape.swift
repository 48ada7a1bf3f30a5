/// The made-up system whose traces are generated: services in layers, each with operations and instances.
///
/// A service calls only services with a greater index, so calls never form a circle.
struct Landscape {
  /// One thing an operation does; steps of the same group run at the same time.
  struct Step {
    enum Action {
      case call(service: Int, operation: Int)
      case query(statement: Int)
      case cache
      case publish(service: Int, operation: Int)
      case compute
    }
    var action: Action
    var group: Int
  }

  struct Operation {
    var method: String
    var route: String
    var steps: [Step]
    var medianNano: Double
  }

  struct Instance {
    var host: String
    var pod: String
    var id: String
    var skewNano: Int64
  }

  struct Service {
    var name: String
    var version: String
    var port: Int
    var table: String
    var operations: [Operation]
    var instances: [Instance]
    var slowness = 1.0
    var failureRate = 0.002
  }

  private(set) var services: [Service] = []
  /// Services that requests from outside arrive at: the first ones.
  let gatewayCount: Int
  /// The service planted as slow: its own work takes 12 times as long.
  let slowService: Int
  /// The service planted as failing: one call in twelve ends in a timeout of its outside gateway.
  let failingService: Int
  /// Statements of a service's database.
  static let statementCount = 4

  init(serviceCount: Int, seed: UInt64) {
    var random = RandomSource(seed: seed &+ 0x5EED)
    gatewayCount = max(1, serviceCount / 25)
    failingService = min(serviceCount - 1, gatewayCount + 1)
    slowService = min(serviceCount - 1, gatewayCount + min(12, serviceCount / 3))
    // From the last to the first, since a call names an operation of a service that must be there already.
    var reversed: [Service] = []
    for index in (0..<serviceCount).reversed() {
      reversed.append(makeService(index, of: serviceCount, later: reversed, random: &random))
    }
    services = reversed.reversed()
    services[slowService].slowness = 12
    services[failingService].failureRate = 1.0 / 12
  }

  private func makeService(
    _ index: Int, of serviceCount: Int, later: [Service], random: inout RandomSource
  ) -> Service {
    let name = Vocabulary.serviceName(index, gatewayCount: gatewayCount)
    let table = Vocabulary.noun(index, gatewayCount: gatewayCount)
    var operations: [Operation] = []
    for _ in 0..<random.within(4...8) {
      let steps = makeSteps(index, of: serviceCount, later: later, random: &random)
      let number = operations.count
      operations.append(
        Operation(
          method: Vocabulary.methods[number % Vocabulary.methods.count],
          route: Vocabulary.route(noun: table, number: number),
          steps: steps,
          medianNano: random.logNormal(median: 1_500_000, sigma: 0.7)))
    }
    var instances: [Instance] = []
    for _ in 0..<random.within(2...3) {
      let pod = "\(name)-\(hexDigits(random.next(), 9))-\(hexDigits(random.next(), 5))"
      let node = random.below(40)
      // The clock of one machine is wrong, as the clock of some machine always is.
      instances.append(
        Instance(
          host: "ip-10-0-\(node / 8)-\(node).eu-central-1.compute.internal", pod: pod,
          id: "\(hexDigits(random.next(), 8))-4f1c-\(hexDigits(random.next(), 12))",
          skewNano: node == 13 ? 25_000_000 : 0))
    }
    return Service(
      name: name, version: "\(random.within(1...4)).\(random.below(30)).\(random.below(10))",
      port: 8000 + index, table: table, operations: operations, instances: instances)
  }

  private func makeSteps(
    _ index: Int, of serviceCount: Int, later: [Service], random: inout RandomSource
  ) -> [Step] {
    var steps: [Step] = []
    var group = 0
    let callees = serviceCount - 1 - index
    let calls = callees == 0 ? 0 : index < gatewayCount ? random.within(2...5) : random.within(0...3)
    for _ in 0..<calls {
      // Mostly near neighbours, so that the graph has layers instead of being one knot.
      let distance = 1 + random.below(random.happens(0.8) ? min(callees, 1 + serviceCount / 5) : callees)
      let callee = index + distance
      let operation = random.below(later[serviceCount - 1 - callee].operations.count)
      let action: Step.Action =
        random.happens(0.06)
        ? .publish(service: callee, operation: operation) : .call(service: callee, operation: operation)
      if random.happens(0.6) { group += 1 }
      steps.append(Step(action: action, group: group))
    }
    if index >= gatewayCount {
      for _ in 0..<random.within(1...3) {
        group += 1
        steps.append(Step(action: .query(statement: random.below(Self.statementCount)), group: group))
      }
      if random.happens(0.4) { steps.append(Step(action: .cache, group: group)) }
    }
    if random.happens(0.5) { steps.append(Step(action: .compute, group: group + 1)) }
    return steps
  }
}

/// The last hex digits of a number.
func hexDigits(_ number: UInt64, _ count: Int) -> String {
  let digits = String(number, radix: 16)
  return String((String(repeating: "0", count: 16) + digits).suffix(count))
}
