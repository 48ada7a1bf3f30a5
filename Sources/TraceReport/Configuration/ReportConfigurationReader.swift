package import TraceAnalysis
import TraceModel

/// Reads `tracebook.yaml`. Every key may be left out; an unknown one is an error that names the nearest known one.
package struct ReportConfigurationReader {
  /// What is refused beyond, so that no page grows over its size by configuration.
  private enum Limits {
    static let title = 200
    static let links = 20
    static let colours = 1_000
    static let address = 2_000
  }

  /// The folder that relative paths begin at, with a slash at its end; empty for the current one.
  private let folder: String

  /// Reads the bytes of a YAML or JSON file that lies at a path; an empty file says nothing.
  package static func read(
    _ bytes: [UInt8], at path: String
  ) throws(ConfigurationError) -> ReportConfiguration {
    guard let root = try YAMLReader.read(bytes) else { return ReportConfiguration() }
    let slash = path.lastIndex(of: "/")
    let reader = Self(folder: slash.map { String(path[...$0]) } ?? "")
    return try reader.configuration(root)
  }

  private func configuration(_ node: ConfigurationNode) throws(ConfigurationError) -> ReportConfiguration {
    var fields = try ConfigurationFields(node, of: "the configuration")
    var configuration = ReportConfiguration()
    configuration.inputs = try paths("inputs", &fields)
    configuration.since = try moment("since", &fields)
    configuration.until = try moment("until", &fields)
    configuration.timeZone = try fields.text("timezone").map {
      ($0, fields.node("timezone")?.place ?? fields.place)
    }
    configuration.output = try path("output", &fields)
    configuration.title = try title(&fields)
    configuration.logs = try paths("logs", &fields)
    configuration.metrics = try paths("metrics", &fields)
    configuration.baseline = try paths("baseline", &fields)
    configuration.history = try path("history", &fields)
    configuration.keep = try parsed("keep", &fields, "a number of days or weeks, such as 7d", KeptDays.init)
      .first
    configuration.policies = try paths("policy", &fields)
    configuration.samplers = try parsed("sampler", &fields, "a name and a ratio, such as go:0.1") {
      SamplingPolicy.sampler($0) == nil ? nil : $0
    }
    if let node = fields.node("sampling") {
      configuration.sampling = try SamplingDeclarationReader.declaration(node)
    }
    configuration.maxTraces = try fields.count("max-traces").map { Int(clamping: $0) }
    configuration.failOn = try parsed(
      "fail-on", &fields, FailCondition.wanted, FailCondition.init)
    configuration.redaction = try parsed(
      "redaction", &fields, "key=PATTERN or NAME=PATTERN", Redactor.Rule.init)
    configuration.thresholds = try thresholds(&fields)
    configuration.colours = try colours(&fields)
    try PlanConfigurationReader.readPrices(&fields, &configuration.costs.prices)
    if let days = try parsed("retention", &fields, "a number of days or weeks, such as 14d", CostBasis.days)
      .first
    {
      configuration.costs.days = days
    }
    configuration.links = try links(&fields)
    // `tracebook plan` reads its numbers from the same file, if people like.
    fields.pass("plan")
    try fields.refuseOthers()
    return configuration
  }

  // MARK: values

  /// The items of a list, or the one value that stands in its place.
  private func items(
    _ key: String, _ fields: inout ConfigurationFields, _ wanted: String
  ) throws(ConfigurationError) -> [(text: String, node: ConfigurationNode)] {
    guard let node = fields.node(key) else { return [] }
    var nodes = [node]
    if case .sequence(let list) = node.value { nodes = list }
    var items: [(text: String, node: ConfigurationNode)] = []
    for node in nodes {
      guard case .scalar(let text, _) = node.value, !node.isNull else {
        throw fields.wrong(key, node, wanted)
      }
      items.append((text, node))
    }
    return items
  }

  /// Texts that mean something, each refused at its own place when it does not.
  private func parsed<Value>(
    _ key: String, _ fields: inout ConfigurationFields, _ wanted: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> [Value] {
    var values: [Value] = []
    for (text, node) in try items(key, &fields, wanted) {
      guard let value = parse(text) else { throw fields.wrong(key, node, wanted) }
      values.append(value)
    }
    return values
  }

  private func paths(
    _ key: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> [String] {
    var paths: [String] = []
    for (text, node) in try items(key, &fields, "a path or a list of paths") {
      guard let path = resolved(text) else { throw fields.wrong(key, node, "a path or a list of paths") }
      paths.append(path)
    }
    return paths
  }

  private func path(
    _ key: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> String? {
    guard let node = fields.node(key) else { return nil }
    guard case .scalar(let text, _) = node.value, let path = resolved(text) else {
      throw fields.wrong(key, node, "a path")
    }
    return path
  }

  /// The path as it is opened; nil for what no file can be called.
  private func resolved(_ path: String) -> String? {
    guard !path.isEmpty, path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
    return path.hasPrefix("/") || path == "-" ? path : folder + path
  }

  private func moment(
    _ key: String, _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> String? {
    guard let node = fields.node(key), let text = try fields.text(key) else { return nil }
    guard MomentText(text) != nil else { throw fields.wrong(key, node, MomentText.forms) }
    return text
  }

  private func title(_ fields: inout ConfigurationFields) throws(ConfigurationError) -> String? {
    guard let node = fields.node("title"), let title = try fields.text("title") else { return nil }
    guard title.count <= Limits.title else {
      throw ConfigurationError(node.place, "the title is longer than \(Limits.title) characters")
    }
    return title
  }

  private func thresholds(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> FindingThresholds {
    var thresholds = FindingThresholds()
    guard let node = fields.node("thresholds") else { return thresholds }
    var entries = try ConfigurationFields(node, of: "thresholds")
    for name in FindingThresholds.names {
      guard let text = try entries.text(name), let place = entries.node(name) else { continue }
      guard let share = ShareText.read(text), thresholds.set(name, to: share) else {
        throw entries.wrong(name, place, "a share from 0% to 100%")
      }
    }
    try entries.refuseOthers()
    return thresholds
  }

  private func colours(_ fields: inout ConfigurationFields) throws(ConfigurationError) -> [String: Int] {
    guard let node = fields.node("colours") else { return [:] }
    let services = try ConfigurationFields(node, of: "colours").others
    guard services.count <= Limits.colours else {
      throw ConfigurationError(
        services[Limits.colours].place, "at most \(Limits.colours) services are given a colour")
    }
    var colours: [String: Int] = [:]
    for service in services {
      guard case .scalar(let text, _) = service.value.value, let step = Int(text), (1...20).contains(step)
      else {
        throw fields.wrong("colours", service.value, "a step of the palette, from 1 to 20, for each service")
      }
      colours[service.key] = step
    }
    return colours
  }

  // MARK: links

  private func links(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> [LinkTemplate] {
    let nodes = try fields.list("links") ?? []
    guard nodes.count <= Limits.links else {
      throw ConfigurationError(nodes[Limits.links].place, "at most \(Limits.links) links are shown")
    }
    var links: [LinkTemplate] = []
    for node in nodes { links.append(try link(node)) }
    return links
  }

  private func link(_ node: ConfigurationNode) throws(ConfigurationError) -> LinkTemplate {
    var fields = try ConfigurationFields(node, of: "a link")
    let name = try fields.requiredText("name")
    let subject = try subject(&fields)
    let condition = try condition(&fields)
    let pad = try fields.count("padSeconds") ?? 60
    let address = try fields.requiredText("url")
    let place = fields.node("url")?.place ?? node.place
    try fields.refuseOthers()
    guard name.count <= Limits.title, address.utf8.count <= Limits.address else {
      throw ConfigurationError(
        place, "a name has at most \(Limits.title) characters, an address \(Limits.address) bytes")
    }
    do throws(LinkTemplate.Mistake) {
      return try LinkTemplate(
        name: name, on: subject, url: address, when: condition, padSeconds: Int(clamping: pad))
    } catch {
      throw ConfigurationError(place, error.message)
    }
  }

  private func subject(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> LinkTemplate.Subject {
    guard let node = fields.node("on"), let text = try fields.text("on") else { return .trace }
    guard let subject = LinkTemplate.Subject(rawValue: text) else {
      throw fields.wrong("on", node, "trace, span, service or error")
    }
    return subject
  }

  private func condition(
    _ fields: inout ConfigurationFields
  ) throws(ConfigurationError) -> LinkTemplate.Condition? {
    guard let node = fields.node("when") else { return nil }
    var when = try ConfigurationFields(node, of: "when")
    let attribute = try when.text("attribute")
    let service = try when.text("service")
    try when.refuseOthers()
    switch (attribute, service) {
    case (let attribute?, nil): return .attribute(attribute)
    case (nil, let service?): return .service(service)
    default: throw ConfigurationError(node.place, "when has either an attribute or a service")
    }
  }
}
