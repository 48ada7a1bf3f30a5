/// Texts that break pages, scripts, shells or readers which trust what archives hold.
package enum HostileStrings {
  /// Each text as it should appear to a reader of the page.
  package static let all: [String] =
    markup + scripts + quoting + addresses + slots + [bidirectional, combining, separators, controls, long]

  /// Text that is markup.
  package static let markup = [
    "<script>alert(1)</script>", "</script><script>alert(2)</script>", "<!--<script", "-->", "]]>",
    "<![CDATA[",
    "</title></style></textarea></svg><b>out</b>", "<img src=x onerror=alert(3)>", "<svg/onload=alert(4)>",
    "&lt;b&gt;",
    "&amp;amp;", "&nbsp;", "&#x3c;script&#x3e;", "<?xml version=\"1.0\"?>", "<!DOCTYPE html>",
  ]

  /// Text that leaves a script or style it is put into.
  package static let scripts = [
    "\";alert(5);//", "';alert(6);//", "\\\";alert(7);//", "${alert(8)}", "`;alert(9);`", "*/alert(10)/*",
    "}</style><style>*{display:none}", "\u{2028}alert(11)\u{2029}",
  ]

  /// Text that leaves an attribute or an argument.
  package static let quoting = [
    "\"", "'", "`", "\" onmouseover=\"alert(12)", "' onmouseover='alert(13)", "\\", "\\u003cscript\\u003e",
    "%3Cscript%3E",
    "$(touch x)", "; rm -rf x", "| cat", "--help", "-", "../../../etc/passwd", "..", ".", "/", "a/b\\c",
    "CON", "a b\tc",
  ]

  /// Text that does harm as an address.
  package static let addresses = [
    "javascript:alert(14)", " JaVaScRiPt:alert(15)", "data:text/html,<script>alert(16)</script>",
    "//host.invalid/x",
    "https://host.invalid/?a=1&b=<2>#\"", "file:///etc/passwd",
  ]

  /// Text that looks like a place to fill in in a template.
  package static let slots = [
    "{{title}}", "<!-- slot: body -->", "{title}", "%{title}", "$title", "@@title@@", "%s%n%@", "\\(title)",
  ]

  /// Turns reading direction around, and hides.
  package static let bidirectional = "abc\u{202E}gpj.exe\u{202C}\u{2066}x\u{2069}\u{200B}\u{FEFF}"
  /// More marks on a letter than fit a line.
  package static let combining = "Z" + String(repeating: "\u{0301}", count: 60) + " 👩‍👩‍👧‍👦 🇩🇪 日本語 العربية"
  /// Characters that some tools take for the end of a line.
  package static let separators = "a\nb\r\nc\u{0085}d\u{2028}e\u{2029}f\u{000B}g"
  /// Characters that no XML document may hold, and NUL.
  package static let controls = "a\u{0}b\u{1}c\u{8}d\u{1B}[31me\u{7F}f\u{FFFE}g\u{FFFF}h"
  /// Longer than any column.
  package static let long = String(repeating: "long-name-", count: 1_000)

  /// JSON string literals, with quotes, whose content is no valid Unicode text.
  package static let brokenLiterals = [
    #""lone \uD800 high""#, #""lone \uDC00 low""#, #""swapped \uDC00\uD800""#, #""cut \uD83D""#, #""\u0000""#,
  ]

  /// The text as a JSON string literal, with quotes.
  package static func json(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
