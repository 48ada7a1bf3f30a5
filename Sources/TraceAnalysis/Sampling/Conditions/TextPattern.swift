/// A regular expression in RE2's notation that is searched for anywhere in a text, in time linear in the text.
///
/// All ways through the expression are followed at once (Thompson 1968), so no text, however hostile, takes longer than
/// its length times the size of the expression. Known: literals, `.`, classes with ranges and `\d \w \s`, `^ $ \b \A \z`,
/// groups, `|`, `* + ? {m,n}` and their lazy forms, and `(?i)` or `(?s)` at the start. Anything else is refused.
package struct TextPattern: Sendable, Hashable {
  /// One step of the program.
  enum Step: Sendable, Hashable {
    /// Takes a character that lies in one of these ranges.
    case take([ClosedRange<UInt32>])
    /// Goes on at two places.
    case split(Int, Int)
    /// Goes on elsewhere.
    case jump(Int)
    /// Goes on only here.
    case check(Place)
    /// The text matches.
    case match
  }

  /// A place in the text that takes no character.
  enum Place: Sendable, Hashable {
    case start
    case end
    case wordBoundary
    case noWordBoundary
  }

  /// The expression as written.
  package let text: String
  private let steps: [Step]

  /// Translates an expression; nil when it is not understood.
  package init?(_ text: String) {
    guard case .success(let steps) = PatternCompiler.compile(text) else { return nil }
    self.text = text
    self.steps = steps
  }

  /// Why an expression is not understood, as the end of a sentence; nil when it is.
  package static func problem(_ text: String) -> String? {
    if case .failure(let problem) = PatternCompiler.compile(text) { return problem.message }
    return nil
  }

  /// Whether it is found anywhere in a text.
  ///
  /// - Complexity: O(length of the text × size of the expression).
  package func isFound(in text: String) -> Bool {
    let scalars = text.unicodeScalars.map(\.value)
    var now = PatternPlaces(count: steps.count)
    var next = PatternPlaces(count: steps.count)
    for place in 0...scalars.count {
      // A match may begin anywhere.
      if follow(0, at: place, in: scalars, into: &now) { return true }
      guard place < scalars.count else { return false }
      next.removeAll()
      var hasMatched = false
      for step in now.list {
        guard case .take(let ranges) = steps[step], ranges.contains(where: { $0.contains(scalars[place]) })
        else {
          continue
        }
        if follow(step + 1, at: place + 1, in: scalars, into: &next) { hasMatched = true }
      }
      if hasMatched { return true }
      swap(&now, &next)
    }
    return false
  }

  /// Adds a step with all that is reached from it without taking a character; true when that is the end.
  private func follow(
    _ first: Int, at place: Int, in text: [UInt32], into places: inout PatternPlaces
  ) -> Bool {
    var pending = [first]
    while let step = pending.popLast() {
      guard places.insert(step) else { continue }
      switch steps[step] {
      case .match: return true
      case .take: break
      case .jump(let target): pending.append(target)
      case .split(let left, let right): pending += [right, left]
      case .check(let wanted): if Self.isAt(wanted, place, text) { pending.append(step + 1) }
      }
    }
    return false
  }

  private static func isAt(_ wanted: Place, _ place: Int, _ text: [UInt32]) -> Bool {
    switch wanted {
    case .start: return place == 0
    case .end: return place == text.count
    case .wordBoundary, .noWordBoundary:
      let before = place > 0 && PatternClass.word.contains { $0.contains(text[place - 1]) }
      let after = place < text.count && PatternClass.word.contains { $0.contains(text[place]) }
      return (before != after) == (wanted == .wordBoundary)
    }
  }
}

/// The steps that a search has reached, each once.
struct PatternPlaces {
  private(set) var list: [Int] = []
  private var isIn: [Bool]

  init(count: Int) { isIn = [Bool](repeating: false, count: count) }

  mutating func insert(_ step: Int) -> Bool {
    if isIn[step] { return false }
    isIn[step] = true
    list.append(step)
    return true
  }

  mutating func removeAll() {
    for step in list { isIn[step] = false }
    list.removeAll(keepingCapacity: true)
  }
}

/// Classes of characters as RE2 has them: ASCII.
enum PatternClass {
  static let digit: [ClosedRange<UInt32>] = [0x30...0x39]
  static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a]
  static let space: [ClosedRange<UInt32>] = [0x09...0x0a, 0x0c...0x0d, 0x20...0x20]
  static let last: UInt32 = 0x10ffff

  /// Every character that is in none of the ranges.
  static func inverted(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
      next = max(next, range.upperBound + 1)
    }
    if next <= last { result.append(next...last) }
    return result
  }

  /// The ranges with the other case of their ASCII letters.
  static func withBothCases(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    ranges.flatMap { range -> [ClosedRange<UInt32>] in
      var both = [range]
      let lower = range.clamped(to: 0x61...0x7a)
      if range.overlaps(0x61...0x7a) { both.append((lower.lowerBound - 32)...(lower.upperBound - 32)) }
      let upper = range.clamped(to: 0x41...0x5a)
      if range.overlaps(0x41...0x5a) { both.append((upper.lowerBound + 32)...(upper.upperBound + 32)) }
      return both
    }
  }
}
