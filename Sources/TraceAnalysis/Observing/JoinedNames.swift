import TraceModel

/// How names of spans are joined in services that have too many of them to be told apart.
///
///     service   distinct names                              names are
///     order     GET /orders/{id}, POST /orders              kept
///     payment   GET /pay/1, GET /pay/2, … 1,001 of them     joined by their pattern: GET /pay/{id}
///     search    /q/red, /q/blue, … 1,001 patterns           joined by how they begin: /q …
///     odd       aaa, aab, … 1,001 beginnings                all one: (any name)
///
/// A service with ids in its names would else have as many operations as spans: figures of one span each, in memory
/// and pages without bound. What is decided depends only on the names that the store holds. Traces keep their names.
struct JoinedNames: Sendable {
  /// The most names of a service that are told apart; the audit finds fault with more (semantic conventions, section 6).
  static let limit = 1_000

  /// What of a name counts.
  private enum Form: CaseIterable {
    case pattern
    case beginning
    case nothing

    func joined(_ name: String) -> String {
      switch self {
      case .pattern: NameForm.normalised(name) ?? name
      case .beginning: Self.beginning(of: name)
      case .nothing: "(any name)"
      }
    }

    /// The first word, with the mark before it.
    private static func beginning(of name: String) -> String {
      let marks = name.utf8.prefix { isMark($0) }.count
      let word = name.utf8.dropFirst(marks).prefix { !isMark($0) }.count
      return marks + word == name.utf8.count
        ? name : String(decoding: name.utf8.prefix(marks + word), as: UTF8.self) + " …"
    }

    private static func isMark(_ byte: UInt8) -> Bool {
      byte <= 0x20 || "/:.?&=()[]{}<>|,;#-_".utf8.contains(byte)
    }
  }

  /// A service that has too many names.
  private struct Crowd {
    var form = Form.nothing
    var names = 0
  }

  private var crowds: [Symbol: Crowd] = [:]

  /// Looks at the names of all spans.
  ///
  /// - Complexity: O(*n* log *n*) in spans, 8 bytes each; where spans are in temporary files, these are, too.
  init(_ store: SpanStore) {
    var keys = Column<UInt64>()
    if let spill = store.spill { keys.moveToFile(in: spill) }
    keys.reserve(store.spanCount)
    for table in store.shards.indices {
      store.forEachStretch(of: table) { spans in
        for span in spans {
          keys.append(UInt64(store.service(of: span).index) << 32 | UInt64(span.name.index))
        }
        keys.leaveMemory()
      }
    }
    var sorted = keys.mutableElements
    sorted.sort()
    var start = 0
    while start < keys.count {
      let service = keys[start] >> 32
      var end = start
      var names: [Symbol] = []
      while end < keys.count, keys[end] >> 32 == service {
        if end == start || keys[end] != keys[end - 1] {
          names.append(Symbol(UInt32(truncatingIfNeeded: keys[end])))
        }
        end += 1
      }
      if names.count > Self.limit {
        crowds[Symbol(UInt32(truncatingIfNeeded: service))] = Crowd(
          form: Self.form(for: names, in: store), names: names.count)
      }
      start = end
    }
  }

  /// The first form in which names are few enough.
  private static func form(for names: [Symbol], in store: SpanStore) -> Form {
    for form in Form.allCases {
      var seen: Set<UInt64> = []
      for (number, name) in names.enumerated() where seen.count <= limit {
        store.leaveMemory(afterTexts: number)
        seen.insert(StableHash.number(of: form.joined(store.symbols.text(name))))
      }
      if seen.count <= limit { return form }
    }
    return .nothing
  }

  /// What a name is joined to in a service; nil when it stands for itself.
  func joined(_ name: String, of service: Symbol) -> String? {
    crowds[service].map { $0.form.joined(name) }
  }

  /// The services whose names are joined, with the number of names of each.
  var services: [(service: Symbol, names: Int)] {
    crowds.map { ($0.key, $0.value.names) }.sorted { $0.service.index < $1.service.index }
  }
}
