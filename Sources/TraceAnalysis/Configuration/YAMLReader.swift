import CYaml

/// Turns YAML, and JSON as a part of it, into a tree of configuration.
///
/// libyaml tells one event after another; the tree is built on a stack of our own, so depth costs no call stack.
/// Bounded against hostile files: bytes, depth, and nodes counted with what aliases repeat, so that a few lines of
/// aliases cannot stand for a billion nodes.
package struct YAMLReader: ~Copyable {
  /// What is refused beyond.
  package enum Limits {
    /// Bytes of a file.
    package static let bytes = 4 << 20
    /// Maps and lists within each other.
    package static let depth = 64
    /// Nodes, those that aliases repeat included.
    package static let nodes = 200_000
  }

  /// A map or list that has begun.
  private struct Open {
    var place: ConfigurationPlace
    var anchor: String?
    var isMapping: Bool
    var items: [ConfigurationNode] = []
    var members: [ConfigurationNode.Member] = []
    var keys: Set<String> = []
    var pendingKey: (text: String, place: ConfigurationPlace)?
    var size = 1
  }

  private struct Anchored {
    var node: ConfigurationNode
    var size: Int
  }

  private var open: [Open] = []
  private var anchors: [String: Anchored] = [:]
  private var root: ConfigurationNode?
  private var count = 0

  private init() {}

  /// Reads one document; nil when there is none.
  ///
  /// - Complexity: O(bytes + nodes).
  package static func read(_ bytes: [UInt8]) throws(ConfigurationError) -> ConfigurationNode? {
    guard bytes.count <= Limits.bytes else {
      throw ConfigurationError(
        ConfigurationPlace(line: 1, column: 1), "more than \(Limits.bytes) bytes are no configuration")
    }
    var reader = YAMLReader()
    try reader.parse(bytes)
    return reader.root
  }

  private mutating func parse(_ bytes: [UInt8]) throws(ConfigurationError) {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      throw ConfigurationError(ConfigurationPlace(line: 1, column: 1), "no memory is left to read YAML")
    }
    defer { yaml_parser_delete(&parser) }
    let failure: ConfigurationError? = bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      do throws(ConfigurationError) {
        try takeEvents(&parser)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private mutating func takeEvents(_ parser: inout yaml_parser_t) throws(ConfigurationError) {
    var documents = 0
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { throw Self.syntaxError(parser) }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return
      case YAML_DOCUMENT_START_EVENT:
        documents += 1
        if documents > 1 { throw error(event, "one document is read, and here begins a second one") }
      default: try take(event)
      }
    }
  }

  private mutating func take(_ event: yaml_event_t) throws(ConfigurationError) {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = Self.text(scalar.value, scalar.length)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      let node = ConfigurationNode(.scalar(text, isPlain: isPlain), at: Self.place(event.start_mark))
      try add(node, size: 1, anchor: Self.name(scalar.anchor))
    case YAML_SEQUENCE_START_EVENT:
      try begin(event, Self.name(event.data.sequence_start.anchor), isMapping: false)
    case YAML_MAPPING_START_EVENT:
      try begin(event, Self.name(event.data.mapping_start.anchor), isMapping: true)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: try end()
    case YAML_ALIAS_EVENT:
      let name = Self.name(event.data.alias.anchor) ?? ""
      guard let anchored = anchors[name] else { throw error(event, "*\(name) names no anchor above it") }
      try add(anchored.node, size: anchored.size, anchor: nil)
    default: break
    }
  }

  private mutating func begin(
    _ event: yaml_event_t, _ anchor: String?, isMapping: Bool
  ) throws(ConfigurationError) {
    guard open.count < Limits.depth else { throw error(event, "deeper than \(Limits.depth) levels") }
    if let last = open.last, last.isMapping, last.pendingKey == nil {
      throw error(event, "a key is a text, not a map or a list")
    }
    open.append(Open(place: Self.place(event.start_mark), anchor: anchor, isMapping: isMapping))
  }

  private mutating func end() throws(ConfigurationError) {
    guard let done = open.popLast() else { return }
    let value: ConfigurationNode.Value = done.isMapping ? .mapping(done.members) : .sequence(done.items)
    try add(ConfigurationNode(value, at: done.place), size: done.size, anchor: done.anchor)
  }

  private mutating func add(
    _ node: ConfigurationNode, size: Int, anchor: String?
  ) throws(ConfigurationError) {
    count += size
    guard count <= Limits.nodes else {
      throw ConfigurationError(
        node.place, "more than \(Limits.nodes) values, counted with what aliases repeat")
    }
    if let anchor { anchors[anchor] = Anchored(node: node, size: size) }
    guard var last = open.popLast() else {
      root = node
      return
    }
    last.size += size
    if !last.isMapping {
      last.items.append(node)
    } else if let key = last.pendingKey {
      last.members.append(ConfigurationNode.Member(key: key.text, place: key.place, value: node))
      last.pendingKey = nil
    } else {
      guard case .scalar(let text, _) = node.value else {
        throw ConfigurationError(node.place, "a key is a text, not a map or a list")
      }
      guard last.keys.insert(text).inserted else {
        throw ConfigurationError(node.place, "the key \"\(text.prefix(60))\" stands here a second time")
      }
      last.pendingKey = (text, node.place)
    }
    open.append(last)
  }

  // MARK: libyaml's values

  private func error(_ event: yaml_event_t, _ message: String) -> ConfigurationError {
    ConfigurationError(Self.place(event.start_mark), message)
  }

  private static func place(_ mark: yaml_mark_t) -> ConfigurationPlace {
    ConfigurationPlace(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }

  private static func syntaxError(_ parser: yaml_parser_t) -> ConfigurationError {
    let problem = parser.problem.map { String(cString: $0) } ?? "it ends too early"
    return ConfigurationError(place(parser.problem_mark), "this is no YAML: \(problem)")
  }

  private static func name(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func text(_ text: UnsafeMutablePointer<yaml_char_t>?, _ length: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
  }
}
