/// What to generate; the defaults make the archive that Tracebook's speed goals speak of.
struct Options {
  /// How the traces look.
  enum Shape: String {
    /// Many traces of all sizes.
    case mixed
    /// One trace: a root and all other spans as its children.
    case wide
    /// One trace: a chain in which every span has one child.
    case deep
  }

  var spans = 1_000_000
  var traces = 40_000
  var services = 100
  var files = 8
  var seed: UInt64 = 1
  var output = ""
  /// Exact number of attributes of each span, nil for as many as its kind has by nature (7 to 9).
  var attributes: Int?
  var shape = Shape.mixed

  static let help = """
    Usage: generate-archive --output DIR [options]

    Writes a made-up archive of OTLP JSON lines in gzip files; equal options give equal bytes.

      --output DIR      folder for the files, made when absent
      --spans N         spans in all (1000000)
      --traces N        traces in all (40000, or a 25th of the spans if that is less)
      --services N      services (100)
      --files N         gzip files, each holding the batches of some of the services (8)
      --seed N          seed of all random choices (1)
      --attributes N    attributes on each span (as many as its kind has by nature: 7 to 9)
      --shape SHAPE     mixed; wide: one trace with all spans under its root; deep: one trace, one long chain
    """

  /// Reads the command line without the program's name.
  init(arguments: [String]) throws(GeneratorError) {
    var traces: Int?
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard option.hasPrefix("--") else { throw .usage("\(option) is not an option") }
      guard let value = rest.popFirst() else { throw .usage("\(option) needs a value") }
      switch option {
      case "--output": output = value
      case "--spans": spans = try Self.number(value, of: option)
      case "--traces": traces = try Self.number(value, of: option)
      case "--services": services = try Self.number(value, of: option)
      case "--files": files = try Self.number(value, of: option)
      case "--seed": seed = UInt64(try Self.number(value, of: option, least: 0))
      case "--attributes": attributes = try Self.number(value, of: option, least: 0)
      case "--shape":
        guard let known = Shape(rawValue: value) else {
          throw .usage("--shape is mixed, wide or deep, not \(value)")
        }
        shape = known
      default: throw .usage("unknown option \(option)")
      }
    }
    if output.isEmpty { throw .usage("--output is missing") }
    self.traces = shape == .mixed ? traces ?? min(self.traces, max(1, spans / 25)) : 1
    if self.traces > spans { throw .usage("every trace needs a span: --traces is greater than --spans") }
  }

  private static func number(_ text: String, of option: String, least: Int = 1) throws(GeneratorError) -> Int
  {
    guard let number = Int(text), number >= least, number <= 1_000_000_000 else {
      throw .usage("\(option) needs a whole number of at least \(least), not \(text)")
    }
    return number
  }
}

/// Why nothing, or not all, was generated.
enum GeneratorError: Error {
  case usage(String)
  case cannotWrite(String)

  var message: String {
    switch self {
    case .usage(let problem): "generate-archive: \(problem); see --help"
    case .cannotWrite(let path):
      "generate-archive: cannot write \(path); choose a folder that can be written to"
    }
  }
}
