/// What capacity and cost are planned from: numbers alone, no archive.
package struct PlanConfiguration: Sendable {
  /// A way of sampling to plan for.
  package struct Scenario: Sendable {
    /// Its name.
    package var name: String
    /// The share of traces that the head sampler keeps.
    package var head: Double
    /// The share of spans that tail sampling keeps of those.
    package var tail: Double

    /// Makes a scenario.
    package init(name: String, head: Double, tail: Double) {
      self.name = name
      self.head = head
      self.tail = tail
    }
  }

  /// A stage of the life of an index.
  package struct Tier: Sendable {
    /// Its name, such as hot.
    package var name: String
    /// Days that spans stay in it.
    package var days: Double
    /// Copies besides the first.
    package var replicas: Double
    /// Money for a GiB held for a month.
    package var price: Double

    /// Makes a tier.
    package init(name: String, days: Double, replicas: Double, price: Double) {
      self.name = name
      self.days = days
      self.replicas = replicas
      self.price = price
    }
  }

  // The defaults are those of the design challenge: a million requests a second, a hundred services, seven days.
  /// Its name, for the heading.
  package var title = "Design challenge"
  /// Requests a second.
  package var requestsPerSecond = 1_000_000.0
  /// Spans of a request.
  package var spansPerRequest = 10.0
  /// Bytes of a span, uncompressed.
  package var bytesPerSpan = 1_000.0
  /// Services that a request may meet.
  package var services = 100.0
  /// How many times the usual traffic a spike is.
  package var spike = 10.0
  /// Growth of traffic in a year; 0.5 is half as much again.
  package var growthPerYear = 0.0
  /// Ways of sampling.
  package var scenarios = [
    Scenario(name: "1 % head", head: 0.01, tail: 1),
    Scenario(name: "0.1 % head", head: 0.001, tail: 1),
    Scenario(name: "0.1 % head, tail keeps 10 %", head: 0.001, tail: 0.1),
  ]
  /// Days that spans are held.
  package var days = 7.0
  /// Stages of the index; empty for one stage on the first disk.
  package var tiers = [
    Tier(name: "hot", days: 1, replicas: 1, price: 0.08),
    Tier(name: "warm", days: 3, replicas: 1, price: 0.045),
    Tier(name: "cold", days: 3, replicas: 0, price: 0.023),
  ]
  /// Stored bytes for a byte of spans.
  package var storedRatio = 0.5
  /// Copies besides the first, on disks.
  package var replicas = 1.0
  /// How full disks may be.
  package var fillLimit = 0.85
  /// Bytes of a span in the index; nil for `bytesPerSpan` × `storedRatio`.
  package var indexBytesPerSpan: Double?
  /// Lucene documents of a span: one for itself, one for each tag and log field.
  package var documentsPerSpan = 15.0
  /// The largest shard.
  package var shardBytes = 50e9
  /// The smallest shard that is worth one.
  package var leastShardBytes = 10e9
  /// Shards of a daily index as configured.
  package var configuredShards = 5.0
  /// Bytes of disk of a data node.
  package var diskPerNode = 4e12
  /// Bytes of an object that is written.
  package var objectBytes = 100e6
  /// Spans a second that one collector takes.
  package var spansPerCollector = 10_000.0
  /// How long tail sampling waits before it decides, in seconds.
  package var decisionWait = 30.0
  /// Bytes of memory for a byte of a span that waits.
  package var bufferRatio = 1.5
  /// Memory of one collector for spans that wait, in bytes.
  package var bufferPerCollector = 4e9
  /// Cost of making and ending a span, in microseconds.
  package var spanMicroseconds = 2.0
  /// Cost of handing the context over with a call, in microseconds.
  package var propagationMicroseconds = 0.5
  /// Cost of handing a span to the queue of a batching exporter, in microseconds.
  package var queueMicroseconds = 0.2
  /// How long one export takes, in microseconds.
  package var exportMicroseconds = 2_000.0
  /// Spans that one export carries when batched.
  package var batchSpans = 512.0
  /// What tracing may add to a request, in microseconds.
  package var budgetMicroseconds = 1_000.0
  /// Failures of one kind in a day, to say what head sampling loses.
  package var failuresPerDay = 100.0
  /// What storage costs.
  package var prices = Prices()

  /// The design challenge.
  package init() {}
}
