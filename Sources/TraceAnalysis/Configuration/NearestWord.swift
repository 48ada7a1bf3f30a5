/// Finds the word that somebody meant who misspelt it.
enum NearestWord {
  /// Longer words are not compared: nobody misspells them by a few letters.
  private static let longest = 40

  /// The candidate with the fewest letters changed, left out, added or swapped; the first by name among equals; nil when
  /// more than a third of the letters differ. Case, `-` and `_` do not count.
  ///
  /// - Complexity: O(candidates × 40²) at most.
  static func of(_ word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = plain(word)
    guard !wanted.isEmpty, wanted.count <= longest else { return nil }
    var best: (distance: Int, word: String)?
    for candidate in candidates.sorted() {
      let other = plain(candidate)
      guard other.count <= longest else { continue }
      let distance = distance(wanted, other)
      if distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
    return best.word
  }

  private static func plain(_ word: String) -> [UInt8] {
    word.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
  }

  /// The optimal string alignment distance: Levenshtein's, with a swap of two neighbours as one change.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var next = [row + 1]
      for column in right.indices {
        let isSame = left[row] == right[column]
        var least = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        next.append(least)
      }
      beforeLast = last
      last = next
    }
    return last[right.count]
  }
}
