/// Style and script without what only people need: every page carries them.
enum CompactText {
  /// A style sheet without comments, line breaks, indents, and blanks where nothing is told apart by them.
  ///
  /// It must not hold texts with comments, braces, or several blanks in them.
  static func style(_ style: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(style.count)
    var index = 0
    while index < style.count {
      let byte = style[index]
      if byte == 0x2F, index + 1 < style.count, style[index + 1] == 0x2A {
        index += 2
        while index + 1 < style.count, !(style[index] == 0x2A && style[index + 1] == 0x2F) { index += 1 }
        index += 2
      } else if byte == 0x0A || byte == 0x20 {
        // A break or an indent is a space, and that only between two words.
        let last = out.last ?? 0x7B
        while index < style.count, style[index] == 0x0A || style[index] == 0x20 { index += 1 }
        let next = index < style.count ? style[index] : 0x7D
        // Not before a colon: `a :hover` is not `a:hover`.
        if !"{};,:>".utf8.contains(last), !"{};,>".utf8.contains(next) { out.append(0x20) }
      } else {
        // The last of a block's declarations needs no end.
        if byte == 0x7D, out.last == 0x3B { out.removeLast() }
        out.append(byte)
        index += 1
      }
    }
    return out
  }

  /// A script without the lines that are comments, empty lines and indents. Lines stay lines, since ends of
  /// statements may depend on them; a text must not go over lines.
  static func script(_ script: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(script.count)
    for line in script.split(separator: 0x0A) {
      let content = line.drop { $0 == 0x20 }
      if content.isEmpty || content.starts(with: "//".utf8) { continue }
      out += content
      out.append(0x0A)
    }
    return out
  }
}
