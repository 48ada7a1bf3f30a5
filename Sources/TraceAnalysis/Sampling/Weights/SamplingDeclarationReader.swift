import TraceModel

/// Reads how archives were sampled: `sampling` of `tracebook.yaml`.
///
///     sampling:
///       ratio: 0.1                       what a head sampler kept of all that no stratum holds
///       strata:                          the first that fits a trace counts
///         - {errors: true, ratio: 1}
///         - {slower-than: 500ms, ratio: 1}
///         - {policy: base, ratio: 5%}    what the Collector marked with this policy
///         - {attribute: tenant, value: gold, ratio: 0.5}
///         - {ratio: 0.05}                all others
package enum SamplingDeclarationReader {
  /// Beyond so many a trace would be asked too much.
  private static let mostStrata = 50

  /// Reads a tree of configuration.
  package static func declaration(
    _ node: ConfigurationNode
  ) throws(ConfigurationError) -> SamplingDeclaration {
    var fields = try ConfigurationFields(node, of: "sampling")
    var declaration = SamplingDeclaration()
    declaration.ratio = try ratio(&fields)
    let nodes = try fields.list("strata") ?? []
    guard nodes.count <= mostStrata else {
      throw ConfigurationError(nodes[mostStrata].place, "at most \(mostStrata) strata are told apart")
    }
    for node in nodes { declaration.strata.append(try stratum(node)) }
    try fields.refuseOthers()
    return declaration
  }

  private static func stratum(_ node: ConfigurationNode) throws(ConfigurationError) -> SamplingStratum {
    var fields = try ConfigurationFields(node, of: "a stratum")
    var members: [SamplingStratum.Members] = []
    if let failed = try fields.boolean("errors") {
      guard failed else { throw ConfigurationError(node.place, "errors is true, or left out") }
      members.append(.failed)
    }
    if let least = try fields.duration("slower-than") { members.append(.slow(least)) }
    if let policy = try fields.text("policy") { members.append(.policy(policy)) }
    if let key = try fields.text("attribute") {
      members.append(.attribute(key: key, value: try fields.requiredText("value")))
    }
    guard members.count <= 1 else {
      throw ConfigurationError(node.place, "a stratum has one of errors, slower-than, policy and attribute")
    }
    guard let ratio = try ratio(&fields) else { throw fields.missing("ratio") }
    try fields.refuseOthers()
    return SamplingStratum(members.first ?? .rest, ratio: ratio)
  }

  /// A ratio above 0, up to 1, also in per cent.
  private static func ratio(_ fields: inout ConfigurationFields) throws(ConfigurationError) -> Double? {
    guard let node = fields.node("ratio") else { return nil }
    var ratio = 0.0
    try fields.readShare("ratio", into: &ratio)
    guard ratio > 0 else {
      throw ConfigurationError(node.place, "a ratio is above 0 and at most 1, or 100%")
    }
    return ratio
  }
}
