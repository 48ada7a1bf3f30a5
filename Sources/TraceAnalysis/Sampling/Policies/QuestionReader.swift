import TraceModel

/// Reads what a policy asks of a single trace.
enum QuestionReader {
  static func question(
    _ type: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    switch type {
    case "latency":
      .latency(
        threshold: try fields.integer("threshold_ms") ?? 0,
        upper: try fields.integer("upper_threshold_ms") ?? 0)
    case "numeric_attribute": try number(&fields)
    case "probabilistic": try probabilistic(&fields)
    case "status_code": try status(&fields)
    case "string_attribute": try text(&fields)
    case "boolean_attribute":
      .boolean(
        key: try fields.requiredText("key"), value: try fields.boolean("value") ?? false,
        isInverted: try fields.boolean("invert_match") ?? false)
    case "span_count":
      .spanCount(
        least: try fields.integer("min_spans") ?? 0, greatest: try fields.integer("max_spans") ?? 0)
    case "trace_state":
      .traceState(key: try fields.requiredText("key"), values: try fields.texts("values"))
    case "trace_flags": .sampledFlag
    case "ottl_condition": try conditions(&fields)
    default: .always
    }
  }

  private static func number(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    .number(
      key: try fields.requiredText("key"), least: try fields.integer("min_value") ?? .min,
      greatest: try fields.integer("max_value") ?? .max,
      isInverted: try fields.boolean("invert_match") ?? false)
  }

  private static func probabilistic(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    var salt = try fields.text("hash_salt") ?? ""
    if salt.isEmpty { salt = "default-hash-seed" }
    let percentage = try fields.number("sampling_percentage") ?? 0
    return .hash(salt: salt, bound: CollectorHash.bound64(percentage: percentage))
  }

  private static func status(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    guard let nodes = try fields.list("status_codes"), !nodes.isEmpty else {
      throw fields.missing("status_codes")
    }
    var statuses: [SpanStatus] = []
    for node in nodes {
      guard case .scalar(let text, _) = node.value else { throw fields.wrong("status_codes", node, "a list") }
      switch text {
      case "OK": statuses.append(.ok)
      case "ERROR": statuses.append(.error)
      case "UNSET": statuses.append(.unset)
      default: throw fields.wrong("status_codes", node, "a list of OK, ERROR and UNSET")
      }
    }
    return .status(statuses)
  }

  private static func text(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    let key = try fields.requiredText("key")
    let values = try fields.texts("values")
    let usesPatterns = try fields.boolean("enabled_regex_matching") ?? false
    let isInverted = try fields.boolean("invert_match") ?? false
    _ = try fields.count("cache_max_size")
    if usesPatterns {
      for value in values {
        if let problem = TextPattern.problem(value) {
          throw ConfigurationError(
            fields.place, "\(fields.name): the pattern \"\(value.prefix(60))\" \(problem)")
        }
      }
    }
    return .text(key: key, values: values, patterns: usesPatterns, isInverted: isInverted)
  }

  private static func conditions(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> PolicyQuestion {
    if let mode = try fields.text("error_mode"), !["ignore", "silent", "propagate"].contains(mode) {
      throw ConfigurationError(fields.place, "\(fields.name): error_mode is ignore, silent or propagate")
    }
    let spans = try conditions("span", isEvent: false, &fields)
    let events = try conditions("spanevent", isEvent: true, &fields)
    guard !spans.isEmpty || !events.isEmpty else { throw fields.missing("span") }
    return .conditions(spans: spans, events: events)
  }

  private static func conditions(
    _ key: String, isEvent: Bool, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> [SpanCondition] {
    var conditions: [SpanCondition] = []
    for node in try fields.list(key) ?? [] {
      guard case .scalar(let text, _) = node.value else {
        throw fields.wrong(key, node, "a list of conditions")
      }
      do throws(ConditionError) {
        conditions.append(try ConditionParser.parse(text, isEvent: isEvent))
      } catch {
        throw ConfigurationError(
          node.place,
          "\(fields.name): the condition `\(text.prefix(120))` is not understood: \(error.message)")
      }
    }
    return conditions
  }
}
