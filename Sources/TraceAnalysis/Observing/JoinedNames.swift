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
    var keys = SortedRuns(in: store.spill, KeyOrder())
    for table in store.shards.indices {
      store.forEachStretch(of: table) { spans in
        for span in spans {
          keys.add(UInt64(store.service(of: span).index) << 32 | UInt64(span.name.index))
        }
      }
    }
    // Equal ones lie side by side: each is kept once.
    var sorted = keys.sorted(threads: 1)
    var count = 0
    for place in 0..<sorted.count {
      if count == 0 || sorted[place] != sorted[count - 1] {
        sorted[count] = sorted[place]
        count += 1
      }
      if RowStretch.ends(behind: place + 1) { sorted.leaveMemory() }
    }
    sorted.truncate(to: count)
    var start = 0
    for end in 0..<count {
      if RowStretch.ends(behind: end) { sorted.leaveMemory() }
      let service = sorted[start] >> 32
      guard end + 1 == count || sorted[end + 1] >> 32 != service else { continue }
      let names = start..<end + 1
      if names.count > Self.limit {
        let form = Self.form(for: sorted, names, in: store)
        crowds[Symbol(UInt32(truncatingIfNeeded: service))] = Crowd(form: form, names: names.count)
      }
      start = names.upperBound
    }
  }

  private struct KeyOrder: RowOrder {
    func isBefore(_ left: UInt64, _ right: UInt64) -> Bool { left < right }
  }

  /// The first form in which names are few enough.
  private static func form(
    for keys: borrowing Column<UInt64>, _ names: Range<Int>, in store: SpanStore
  ) -> Form {
    for form in Form.allCases {
      var seen: Set<UInt64> = []
      for number in names where seen.count <= limit {
        let name = Symbol(UInt32(truncatingIfNeeded: keys[number]))
        seen.insert(StableHash.number(of: form.joined(store.symbols.text(name))))
      }
      keys.leaveMemory()
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
