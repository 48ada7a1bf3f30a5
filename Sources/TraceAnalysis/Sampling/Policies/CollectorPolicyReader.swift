/// Reads a piece of Collector configuration: `tail_sampling` and `probabilistic_sampler`, bare or under `processors:`.
package enum CollectorPolicyReader {
  /// Reads the bytes of a YAML or JSON file.
  package static func read(_ bytes: [UInt8]) throws(ConfigurationError) -> CollectorPolicy {
    let start = ConfigurationPlace(line: 1, column: 1)
    guard let root = try YAMLReader.read(bytes) else { throw ConfigurationError(start, "the file is empty") }
    return try policy(root)
  }

  /// Reads a tree of configuration.
  ///
  /// A whole Collector configuration is fine: other sections, and other processors, are passed over. Instances have
  /// names after a slash (`tail_sampling/errors`); of each processor there may be one.
  package static func policy(_ root: ConfigurationNode) throws(ConfigurationError) -> CollectorPolicy {
    guard root.members != nil else {
      throw ConfigurationError(
        root.place, "a policy file is a map with tail_sampling or probabilistic_sampler")
    }
    let processors = root["processors"] ?? root
    var policy = CollectorPolicy()
    var tail = try instance("tail_sampling", in: processors)
    if tail == nil, processors["policies"] != nil { tail = processors }
    if let tail { try readTail(tail, into: &policy) }
    if let node = try instance("probabilistic_sampler", in: processors) {
      policy.probabilistic = try probabilistic(node)
    }
    guard policy.hasTailSampling || policy.probabilistic != nil else {
      throw ConfigurationError(
        root.place, "neither tail_sampling nor probabilistic_sampler stands in the file")
    }
    return policy
  }

  private static func instance(
    _ type: String, in processors: ConfigurationNode
  ) throws(ConfigurationError) -> ConfigurationNode? {
    let found = (processors.members ?? []).filter { $0.key == type || $0.key.hasPrefix(type + "/") }
    if found.count > 1 {
      throw ConfigurationError(found[1].place, "\(type) stands here a second time; name one file for each")
    }
    return found.first?.value
  }

  private static func readTail(
    _ node: ConfigurationNode, into policy: inout CollectorPolicy
  ) throws(ConfigurationError) {
    var fields = try ConfigurationFields(node, of: "tail_sampling")
    // How long the processor waits and how much it holds is not modelled: every span is taken to arrive in time.
    fields.pass(
      "decision_wait", "decision_wait_after_root_received", "num_traces", "expected_new_traces_per_sec",
      "decision_cache", "block_on_overflow", "maximum_trace_size_bytes", "drop_pending_traces_on_shutdown",
      "sampling_strategy", "tail_storage")
    policy.stopsAtFirstMatch = try fields.boolean("sample_on_first_match") ?? false
    guard let nodes = try fields.list("policies") else { throw fields.missing("policies") }
    try fields.refuseOthers()
    policy.policies = try TailPolicyReader.policies(nodes, of: "tail_sampling")
    policy.hasTailSampling = true
    guard !policy.policies.isEmpty else { throw fields.missing("policies") }
  }

  private static func probabilistic(
    _ node: ConfigurationNode
  ) throws(ConfigurationError) -> ProbabilisticProcessor {
    var fields = try ConfigurationFields(node, of: "probabilistic_sampler")
    var processor = ProbabilisticProcessor()
    let percentage = try fields.number("sampling_percentage") ?? 0
    guard percentage >= 0, let narrow = Float(exactly: Double(Float(percentage))) else {
      throw ConfigurationError(
        fields.place, "probabilistic_sampler: sampling_percentage is a number from 0 up")
    }
    processor.percentage = narrow
    if let seed = try fields.integer("hash_seed") {
      guard let narrow = UInt32(exactly: seed) else {
        throw ConfigurationError(fields.place, "probabilistic_sampler: hash_seed is a number of 32 bits")
      }
      processor.seed = narrow
    }
    if let mode = try fields.text("mode"), !mode.isEmpty {
      guard let known = ProbabilisticProcessor.Mode(rawValue: mode) else {
        throw ConfigurationError(
          fields.place, "probabilistic_sampler: mode is hash_seed, proportional or equalizing")
      }
      processor.mode = known
    }
    processor.failsClosed = try fields.boolean("fail_closed") ?? true
    if let precision = try fields.integer("sampling_precision") {
      guard (1...14).contains(precision) else {
        throw ConfigurationError(fields.place, "probabilistic_sampler: sampling_precision is 1 to 14 digits")
      }
      processor.precision = Int(precision)
    }
    // Where log records have their randomness and priority: of no meaning to traces.
    fields.pass("attribute_source", "from_attribute", "sampling_priority")
    try fields.refuseOthers()
    return processor
  }
}
