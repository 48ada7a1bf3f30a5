/// The rules of a style sheet, one for each selector, as far as tests of pages need them.
struct StyleRules {
  struct Rule: Hashable {
    /// What it stands in, such as a condition on the width; empty for none.
    var context: String
    var selector: String
    var declarations: String

    /// The classes that must be on a page for the selector to be of use there.
    var classes: Set<String> {
      var names: Set<String> = []
      var name: String?
      for character in withoutNegations + " " {
        if let begun = name, character.isLetter || character.isNumber || character == "-" {
          name = begun + String(character)
        } else {
          if let begun = name, begun.first?.isLetter == true { names.insert(begun) }
          name = character == "." ? "" : nil
        }
      }
      return names
    }

    private var withoutNegations: String {
      var text = selector
      while let start = text.firstRange(of: ":not(") {
        var depth = 1
        var end = start.upperBound
        while depth > 0, end < text.endIndex {
          if text[end] == "(" { depth += 1 }
          if text[end] == ")" { depth -= 1 }
          end = text.index(after: end)
        }
        text.removeSubrange(start.lowerBound..<end)
      }
      return text
    }
  }

  private(set) var rules: [Rule] = []

  init(_ style: String) {
    var contexts: [String] = []
    var text = ""
    for character in Self.withoutComments(style) {
      switch character {
      case "{":
        contexts.append(text)
        text = ""
      case "}":
        if let head = contexts.popLast(), !head.contains("@") || head.contains("@page") {
          let context = Self.plain(contexts.joined(separator: " "))
          var declarations = Self.plain(text)
          if declarations.hasSuffix(";") { declarations.removeLast() }
          for selector in Self.selectors(of: head) {
            rules.append(Rule(context: context, selector: Self.plain(selector), declarations: declarations))
          }
        }
        text = ""
      default: text.append(character)
      }
    }
  }

  private static func withoutComments(_ style: String) -> String {
    style.split(separator: "/*", omittingEmptySubsequences: false).enumerated().map { index, piece in
      index == 0
        ? String(piece) : String(piece[(piece.firstRange(of: "*/")?.upperBound ?? piece.endIndex)...])
    }.joined()
  }

  /// Commas in brackets do not divide.
  private static func selectors(of head: String) -> [String] {
    var depth = 0
    var found = [""]
    for character in head {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 { found.append("") } else { found[found.count - 1].append(character) }
    }
    return found
  }

  /// Without blanks but single ones between words, which tell `a .b` from `a.b`.
  private static func plain(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    var out = ""
    for character in words {
      if "{};,:>".contains(character) || character == " ", out.last == " ", character != ":" {
        out.removeLast()
      }
      if character == " ", let last = out.last, "{};,:>".contains(last) { continue }
      out.append(character)
    }
    return out
  }
}
