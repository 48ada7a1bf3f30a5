import TraceModel

/// Reads the policies of a `tail_sampling` section.
///
/// Every key that the processor knows is known; any other key, and any other type, is an error that names its place.
struct TailPolicyReader {
  /// Sections of policy types, which may stand beside the one that counts.
  private static let types = [
    "always_sample", "latency", "numeric_attribute", "probabilistic", "status_code", "string_attribute",
    "boolean_attribute", "rate_limiting", "bytes_limiting", "span_count", "trace_state", "trace_flags",
    "ottl_condition", "and", "not", "drop", "composite",
  ]

  /// Reads a list of policies; names are unique among them.
  static func policies(
    _ nodes: [ConfigurationNode], of name: String
  ) throws(ConfigurationError) -> [TailPolicy] {
    var policies: [TailPolicy] = []
    var names: Set<String> = []
    for node in nodes {
      let policy = try policy(node)
      guard names.insert(policy.name).inserted else {
        throw ConfigurationError(node.place, "\(name): two policies are named \"\(policy.name.prefix(60))\"")
      }
      policies.append(policy)
    }
    return policies
  }

  private static func policy(_ node: ConfigurationNode) throws(ConfigurationError) -> TailPolicy {
    var fields = try ConfigurationFields(node, of: "a policy")
    let name = try fields.requiredText("name")
    let type = try fields.requiredText("type")
    guard types.contains(type) else {
      throw ConfigurationError(
        fields.node("type")?.place ?? node.place,
        "policy \"\(name.prefix(60))\": nobody knows the type \"\(type.prefix(60))\"")
    }
    let section = fields.node(type) ?? ConfigurationNode(.mapping([]), at: node.place)
    for type in types { _ = fields.has(type) }
    try fields.refuseOthers()
    var settings = try ConfigurationFields(section, of: "\(type) of policy \"\(name.prefix(60))\"")
    let rule = try rule(type, &settings)
    try settings.refuseOthers()
    return TailPolicy(name: name, rule: rule)
  }

  private static func rule(
    _ type: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> TailPolicy.Rule {
    switch type {
    case "rate_limiting":
      .budget(
        RateBudget(
          .spans, perSecond: try fields.count("spans_per_second") ?? 0,
          burst: try fields.count("burst_capacity")))
    case "bytes_limiting": .budget(try bytesBudget(&fields))
    case "and": .and(try parts("and_sub_policy", &fields))
    case "drop": .drop(try parts("drop_sub_policy", &fields))
    case "not":
      if let part = fields.node("not_sub_policy") {
        .not(try policy(part))
      } else {
        throw fields.missing("not_sub_policy")
      }
    case "composite": .composite(try composite(&fields))
    default: .question(try QuestionReader.question(type, &fields))
    }
  }

  private static func parts(
    _ key: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> [TailPolicy] {
    guard let nodes = try fields.list(key), !nodes.isEmpty else { throw fields.missing(key) }
    return try policies(nodes, of: fields.name)
  }

  private static func bytesBudget(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> RateBudget {
    let rate = try fields.count("bytes_per_second") ?? 0
    let burst = try fields.count("burst_capacity")
    return RateBudget(.bytes, perSecond: rate, burst: burst ?? rate.multipliedOrMax(by: 2))
  }

  /// The budget of a part is its percentage of the total, rounded down; none without an entry, an equal part when the
  /// percentage is not above 0. `policy_order` is read and not used, as in the Collector.
  private static func composite(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> [CompositePart] {
    let total = try fields.count("max_total_spans_per_second") ?? 0
    _ = try fields.texts("policy_order")
    let parts = try parts("composite_sub_policy", &fields)
    var shares: [String: Int64] = [:]
    for node in try fields.list("rate_allocation") ?? [] {
      var entry = try ConfigurationFields(node, of: "rate_allocation of \(fields.name)")
      let policy = try entry.requiredText("policy")
      let percent = try entry.integer("percent") ?? 0
      try entry.refuseOthers()
      guard parts.contains(where: { $0.name == policy }) else {
        throw ConfigurationError(node.place, "\(fields.name): \"\(policy.prefix(60))\" is none of its parts")
      }
      shares[policy] =
        percent > 0
        ? Int64(clamping: Int128(percent) * Int128(total) / 100) : total / Int64(parts.count)
    }
    return parts.map { CompositePart(policy: $0, spansPerSecond: shares[$0.name] ?? 0) }
  }
}

extension Int64 {
  /// The product, held at the greatest number instead of overflowing; neither may be negative.
  func multipliedOrMax(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
