import TestSupport
import Testing

@testable import TraceAnalysis

@Suite("Plans of capacity and cost")
struct CapacityPlanTests {
  private let plan = CapacityPlan(PlanConfiguration())

  private func expect(
    _ key: String, _ values: [Double], tolerance: Double = 1e-9, _ location: SourceLocation = #_sourceLocation
  ) {
    for (scenario, wanted) in values.enumerated() {
      let found = plan.value(key, scenario) ?? .nan
      #expect(
        (found - wanted).magnitude <= tolerance * max(wanted, 1), "\(key): \(found)", sourceLocation: location
      )
    }
  }

  @Test("the design challenge: 60.48 TB at 1 % head, 6.048 TB at 0.1 %, 0.605 TB with a tail that keeps 10 %")
  func storage() {
    expect("producedSpansPerSecond", [1e7, 1e7, 1e7])
    expect("spansPerSecond", [100_000, 10_000, 1_000])
    expect("bytesPerDay", [8.64e12, 0.864e12, 86.4e9])
    expect("rawRetained", [60.48e12, 6.048e12, 0.6048e12])
    expect("storedRetained", [30.24e12, 3.024e12, 0.3024e12])
    expect("rawWithCopies", [120.96e12, 12.096e12, 1.2096e12])
    expect("storedWithCopies", [60.48e12, 6.048e12, 0.6048e12])
  }

  @Test("a month of it: 648, 65 and 6.5 dollars in S3; 5,301, 530 and 53 on gp3")
  func money() {
    expect("objectStore1", [648, 64.8, 6.48], tolerance: 1e-3)
    expect("disk1", [5_301, 530.1, 53.01], tolerance: 1e-3)
    // Seven days in a class that bills thirty.
    #expect(plan.value("objectStore2") ?? 0 > plan.value("objectStore1") ?? .infinity)
  }

  @Test("shards by size and by documents, and disks at 85 %")
  func shards() {
    expect("shardsBySize", [87, 9, 1])
    expect("shardsByDocuments", [65, 7, 1])
    expect("shardsInAll", [1_218, 126, 14])
    expect("indexDisk", [71.15e12, 7.115e12, 0.7115e12], tolerance: 1e-3)
    let notes = plan.sections.flatMap(\.notes)
    #expect(notes.contains { $0.contains("86.4 GB each, above the recommended") })
  }

  @Test("0.1 % of a hundred failures leave no trace in 90 % of days")
  func losses() { expect("chanceToKeepNone", [0.366, 0.905, 0.905], tolerance: 1e-3) }

  @Test("blocking export breaks the latency budget, asynchronous export does not")
  func overhead() {
    expect("overheadAsynchronous", [27])
    expect("overheadBlocking", [20_025])
    expect("overheadNotSampled", [5])
    // A thousand spans a second for each service, 2 ms each: two threads, or next to nothing in batches.
    expect("exportThreads", [2, 0.2, 0.2])
    expect("exportThreadsBatched", [2.0 / 512, 0.2 / 512, 0.2 / 512])
  }

  @Test("the sample file says what is the default")
  func sample() throws {
    let bytes = try Files.read(Repository.path("samples/plan/design-challenge.yaml"))
    let read = CapacityPlan(try PlanConfigurationReader.read(bytes))
    for (left, right) in zip(read.sections, plan.sections) {
      #expect(left.rows.map(\.values) == right.rows.map(\.values), "\(left.title)")
    }
    #expect(read.scenarios == plan.scenarios)
  }

  @Test("ten times the requests are ten times the bill")
  func proportional() {
    var configuration = PlanConfiguration()
    configuration.requestsPerSecond *= 10
    let larger = CapacityPlan(configuration)
    for key in ["rawRetained", "objectStore1", "disk1", "tiersMonthly"] {
      #expect(((larger.value(key) ?? 0) / (plan.value(key) ?? 1) - 10).magnitude < 1e-9, "\(key)")
    }
  }

  @Test("nothing at all is a plan, too")
  func zeros() {
    var configuration = PlanConfiguration()
    configuration.requestsPerSecond = 0
    configuration.days = 0
    configuration.shardBytes = 0
    configuration.fillLimit = 0
    configuration.services = 0
    configuration.batchSpans = 0
    for section in CapacityPlan(configuration).sections {
      for row in section.rows { #expect(row.values.allSatisfy { $0.isFinite }, "\(row.key)") }
    }
  }
}
