/// Translates a regular expression into steps, one character after another; groups nest to a bounded depth.
struct PatternCompiler {
  /// Why an expression is refused, as the end of a sentence.
  struct Problem: Error {
    var message: String
  }

  private static let mostSteps = 10_000
  private static let mostRepeats = 1_000
  private static let deepest = 50

  private let pattern: [UInt32]
  private var place = 0
  private var steps: [TextPattern.Step] = []
  private var ignoresCase = false
  private var dotTakesAll = false
  private var depth = 0

  private init(_ text: String) { pattern = text.unicodeScalars.map(\.value) }

  static func compile(_ text: String) -> Result<[TextPattern.Step], Problem> {
    var compiler = PatternCompiler(text)
    do throws(Problem) {
      compiler.readFlags()
      try compiler.alternatives()
      guard compiler.place == compiler.pattern.count else {
        throw Problem(message: "has a closing parenthesis too many")
      }
      compiler.steps.append(.match)
      return .success(compiler.steps)
    } catch {
      return .failure(error)
    }
  }

  private var next: UInt32? { place < pattern.count ? pattern[place] : nil }

  private func isNext(_ character: Unicode.Scalar) -> Bool { next == character.value }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isNext(character) else { return false }
    place += 1
    return true
  }

  private mutating func readFlags() {
    for (flags, ignoresCase, dotTakesAll) in [
      ("(?i)", true, false), ("(?s)", false, true), ("(?is)", true, true), ("(?si)", true, true),
    ] where pattern.starts(with: flags.unicodeScalars.map(\.value)) {
      self.ignoresCase = ignoresCase
      self.dotTakesAll = dotTakesAll
      place = flags.unicodeScalars.count
    }
  }

  /// `a|b|c`
  private mutating func alternatives() throws(Problem) {
    let start = steps.count
    try sequence()
    while take("|") {
      // Everything so far becomes the left way of a fork; the jump over the right way is mended below.
      insert(.split(start + 1, steps.count + 2), at: start)
      let jump = steps.count
      steps.append(.jump(0))
      try sequence()
      steps[jump] = .jump(steps.count)
    }
  }

  private mutating func sequence() throws(Problem) {
    while let character = next, character != 0x7c, character != 0x29 { try repeated() }
  }

  /// One atom and how often.
  private mutating func repeated() throws(Problem) {
    let start = steps.count
    try atom()
    while true {
      let piece = Array(steps[start...])
      if take("*") {
        steps.removeSubrange(start...)
        try append(piece, from: start, least: 0, most: nil)
      } else if take("+") {
        steps.removeSubrange(start...)
        try append(piece, from: start, least: 1, most: nil)
      } else if take("?") {
        steps.removeSubrange(start...)
        try append(piece, from: start, least: 0, most: 1)
      } else if isNext("{"), let counts = readCounts() {
        guard counts.least <= Self.mostRepeats, counts.most ?? 0 <= Self.mostRepeats,
          counts.most ?? .max >= counts.least
        else { throw Problem(message: "repeats more than \(Self.mostRepeats) times") }
        steps.removeSubrange(start...)
        try append(piece, from: start, least: counts.least, most: counts.most)
      } else {
        return
      }
      // Lazy forms find the same texts.
      _ = take("?")
    }
  }

  private mutating func append(
    _ piece: [TextPattern.Step], from origin: Int, least: Int, most: Int?
  ) throws(Problem) {
    let copies = max(least, most ?? 0) + 1
    guard piece.count * copies + steps.count < Self.mostSteps else { throw Problem(message: "is too large") }
    for _ in 0..<least { appendMoved(piece, from: origin) }
    guard let most else {
      let fork = steps.count
      steps.append(.split(fork + 1, 0))
      appendMoved(piece, from: origin)
      steps.append(.jump(fork))
      steps[fork] = .split(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in 0..<max(0, most - least) {
      forks.append(steps.count)
      steps.append(.split(steps.count + 1, 0))
      appendMoved(piece, from: origin)
    }
    for fork in forks { steps[fork] = .split(fork + 1, steps.count) }
  }

  /// Appends steps that were made to stand at `origin`.
  private mutating func appendMoved(_ piece: [TextPattern.Step], from origin: Int) {
    let distance = steps.count - origin
    steps += piece.map { Self.moved($0, by: distance, from: origin) }
  }

  private mutating func insert(_ step: TextPattern.Step, at start: Int) {
    let later = steps[start...].map { Self.moved($0, by: 1, from: start) }
    steps.replaceSubrange(start..., with: [step] + later)
  }

  private static func moved(_ step: TextPattern.Step, by distance: Int, from origin: Int) -> TextPattern.Step
  {
    func target(_ place: Int) -> Int { place >= origin ? place + distance : place }
    return switch step {
    case .split(let left, let right): .split(target(left), target(right))
    case .jump(let place): .jump(target(place))
    case .take, .check, .match: step
    }
  }

  /// `{m}`, `{m,}` or `{m,n}`; anything else is a literal brace.
  private mutating func readCounts() -> (least: Int, most: Int?)? {
    guard let end = pattern[place...].firstIndex(of: 0x7d), end - place <= 12 else { return nil }
    let text = String(String.UnicodeScalarView(pattern[(place + 1)..<end].compactMap(Unicode.Scalar.init)))
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let least = Int(first), least >= 0 else { return nil }
    if parts.count == 1 {
      place = end + 1
      return (least, least)
    }
    if parts[1].isEmpty {
      place = end + 1
      return (least, nil)
    }
    guard let most = Int(parts[1]), most >= 0 else { return nil }
    place = end + 1
    return (least, most)
  }

  private mutating func atom() throws(Problem) {
    guard let character = next else { return }
    place += 1
    switch Unicode.Scalar(character) {
    case "(": try group()
    case "[": try steps.append(.take(cased(bracket())))
    case ".":
      steps.append(.take(dotTakesAll ? [0...PatternClass.last] : PatternClass.inverted([0x0a...0x0a])))
    case "^": steps.append(.check(.start))
    case "$": steps.append(.check(.end))
    case "\\": try steps.append(escape())
    case "*", "+", "?": throw Problem(message: "repeats nothing")
    default: steps.append(.take(cased([character...character])))
    }
  }

  private mutating func group() throws(Problem) {
    if take("?") {
      // A named group, or one that is not kept.
      if take("P") || isNext("<") {
        guard take("<"), !isNext("="), !isNext("!"), let end = pattern[place...].firstIndex(of: 0x3e) else {
          throw Problem(message: "looks behind, which RE2 does not")
        }
        place = end + 1
      } else if !take(":") {
        throw Problem(message: "looks ahead or sets flags in its middle, which is not supported")
      }
    }
    depth += 1
    guard depth <= Self.deepest else { throw Problem(message: "nests groups too deeply") }
    try alternatives()
    depth -= 1
    guard take(")") else { throw Problem(message: "lacks a closing parenthesis") }
  }

  private func cased(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    ignoresCase ? PatternClass.withBothCases(ranges) : ranges
  }

  private mutating func escape() throws(Problem) -> TextPattern.Step {
    switch next.flatMap(Unicode.Scalar.init) {
    case "b": return step(.check(.wordBoundary))
    case "B": return step(.check(.noWordBoundary))
    case "A": return step(.check(.start))
    case "z": return step(.check(.end))
    default: return .take(cased(try escapedClass()))
    }
  }

  private mutating func step(_ step: TextPattern.Step) -> TextPattern.Step {
    place += 1
    return step
  }

  private mutating func escapedClass() throws(Problem) -> [ClosedRange<UInt32>] {
    guard let character = next, let scalar = Unicode.Scalar(character) else {
      throw Problem(message: "ends in a backslash")
    }
    place += 1
    switch scalar {
    case "d": return PatternClass.digit
    case "D": return PatternClass.inverted(PatternClass.digit)
    case "w": return PatternClass.word
    case "W": return PatternClass.inverted(PatternClass.word)
    case "s": return PatternClass.space
    case "S": return PatternClass.inverted(PatternClass.space)
    case "t": return [0x09...0x09]
    case "n": return [0x0a...0x0a]
    case "r": return [0x0d...0x0d]
    case "0"..."9", "a"..."z", "A"..."Z":
      throw Problem(message: "has the escape \\\(scalar), which is not supported")
    default: return [character...character]
    }
  }

  /// What stands after `[`.
  private mutating func bracket() throws(Problem) -> [ClosedRange<UInt32>] {
    let isInverted = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while isFirst || !isNext("]") {
      isFirst = false
      guard let character = next else { throw Problem(message: "lacks a closing bracket") }
      if pattern[place...].starts(with: [0x5b, 0x3a]) {
        throw Problem(message: "has a class such as [:alpha:], which is not supported")
      }
      place += 1
      var low = [character...character]
      if character == 0x5c { low = try escapedClass() }
      guard isNext("-"), place + 1 < pattern.count, pattern[place + 1] != 0x5d, low.count == 1 else {
        ranges += low
        continue
      }
      place += 1
      let first = low[0].lowerBound
      var last = pattern[place]
      place += 1
      if last == 0x5c { last = try escapedClass().first?.lowerBound ?? 0 }
      guard first <= last else { throw Problem(message: "has a range that runs backwards") }
      ranges.append(first...last)
    }
    place += 1
    // Case must be ignored before what is left over is taken.
    return isInverted ? PatternClass.inverted(cased(ranges)) : ranges
  }
}
