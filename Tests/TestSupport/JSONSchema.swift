/// A JSON Schema, as far as our own schemas use the language (draft 2020-12), to test documents against.
///
/// A keyword that is not known here is a fault of the schema, so that nothing is believed to be checked that is not.
package struct JSONSchema: Sendable {
  private let root: JSONValue

  private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

  /// Takes a parsed schema.
  package init(_ root: JSONValue) {
    self.root = root
  }

  /// Where and why a document does not fit, by place; none when it does.
  ///
  /// - Parameter isClosed: members that the schema does not describe are faults, too.
  package func faults(of document: JSONValue, isClosed: Bool = false) -> [String] {
    var check = Check(root: root, isClosed: isClosed)
    check.visit(document, root, at: "$")
    return check.faults
  }

  private struct Check {
    let root: JSONValue
    let isClosed: Bool
    var faults: [String] = []
    /// More would not help anybody.
    private static let mostFaults = 50

    init(root: JSONValue, isClosed: Bool) {
      self.root = root
      self.isClosed = isClosed
    }

    private mutating func fault(_ place: String, _ text: String) {
      if faults.count < Self.mostFaults { faults.append("\(place): \(text)") }
    }

    mutating func visit(_ value: JSONValue, _ schema: JSONValue, at place: String) {
      for keyword in schema.keys where !JSONSchema.annotations.contains(keyword) {
        apply(keyword, schema[keyword], of: schema, to: value, at: place)
      }
    }

    private mutating func apply(
      _ keyword: String, _ rule: JSONValue, of schema: JSONValue, to value: JSONValue, at place: String
    ) {
      switch keyword {
      case "$ref": follow(rule.text ?? "", value, place)
      case "type":
        let types = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
        if !types.contains(where: { Self.isType($0, value) }) {
          fault(place, "\(Self.word(value)) is not \(types.joined(separator: " or "))")
        }
      case "const": if value != rule { fault(place, "\(Self.word(value)) is not \(Self.word(rule))") }
      case "enum":
        if !rule.elements.contains(value) { fault(place, "\(Self.word(value)) is none of the values") }
      case "minimum":
        if let number = value.number, number < rule.number ?? 0 { fault(place, "\(number) is too small") }
      case "maximum":
        if let number = value.number, number > rule.number ?? 0 { fault(place, "\(number) is too large") }
      case "pattern": match(rule.text ?? "", value, place)
      case "required":
        guard case .object(let members) = value else { return }
        for name in rule.elements.compactMap(\.text) where members[name] == nil {
          fault(place, "\(name) is missing")
        }
      case "properties": members(of: value, rule, place)
      case "items":
        for (number, element) in value.elements.enumerated() {
          visit(element, rule, at: "\(place)[\(number)]")
        }
      default: fault(place, "the schema uses \(keyword), which is not known")
      }
    }

    private mutating func members(of value: JSONValue, _ rules: JSONValue, _ place: String) {
      for name in value.keys {
        if rules.keys.contains(name) {
          visit(value[name], rules[name], at: "\(place).\(name)")
        } else if isClosed {
          fault(place, "\(name) is not described")
        }
      }
    }

    /// `#/$defs/NAME` only.
    private mutating func follow(_ reference: String, _ value: JSONValue, _ place: String) {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard reference.hasPrefix("#/$defs/"), root["$defs"].keys.contains(name) else {
        fault(place, "\(reference) leads nowhere")
        return
      }
      visit(value, root["$defs"][name], at: place)
    }

    private mutating func match(_ pattern: String, _ value: JSONValue, _ place: String) {
      guard let text = value.text else { return }
      guard let expression = try? Regex(pattern) else {
        fault(place, "the pattern \(pattern) is none")
        return
      }
      if text.firstMatch(of: expression) == nil {
        fault(place, "\(Self.word(value)) is not of the form \(pattern)")
      }
    }

    private static func isType(_ type: String, _ value: JSONValue) -> Bool {
      switch (type, value) {
      case ("null", .null), ("boolean", .boolean), ("string", .text), ("array", .array), ("object", .object),
        ("number", .number):
        true
      case ("integer", .number(let number)): number == number.rounded()
      default: false
      }
    }

    private static func word(_ value: JSONValue) -> String {
      switch value {
      case .null: "null"
      case .boolean(let value): "\(value)"
      case .number(let value): "\(value)"
      case .text(let text): "\"\(text.prefix(60))\""
      case .array: "an array"
      case .object: "an object"
      }
    }
  }
}
