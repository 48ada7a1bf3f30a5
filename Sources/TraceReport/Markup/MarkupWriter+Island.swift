/// Data that a page carries for its script.
extension MarkupWriter {
  /// JSON in a `script` element that nothing runs; the script reads its text.
  func island(_ id: String, _ json: [UInt8]) {
    fragment("<script type=\"application/json\" id=\"")
    text(id)
    fragment("\">")
    ScriptText.append(json, to: output)
    fragment("</script>")
  }
}

/// JSON as it may stand in a page or in a file of script: `<`, `>`, `&`, the line ends of Unicode, and what XML
/// refuses are written as escapes, so that nothing in it can end the element, begin a comment or a line.
enum ScriptText {
  /// Appends JSON, in which such characters stand in texts only.
  static func append(_ json: [UInt8], to out: ByteBuilder) {
    json.withUnsafeBufferPointer { bytes in
      var start = 0
      var index = 0
      while index < bytes.count {
        guard let (length, escape) = special(bytes, at: index) else {
          index += 1
          continue
        }
        out.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
        out.append(escape)
        index += length
        start = index
      }
      out.append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }
  }

  private static func special(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (length: Int, escape: StaticString)? {
    switch bytes[index] {
    case UInt8(ascii: "<"): return (1, "\\u003c")
    case UInt8(ascii: ">"): return (1, "\\u003e")
    case UInt8(ascii: "&"): return (1, "\\u0026")
    case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80:
      return bytes[index + 2] == 0xA8 ? (3, "\\u2028") : bytes[index + 2] == 0xA9 ? (3, "\\u2029") : nil
    case 0xEF where index + 2 < bytes.count && bytes[index + 1] == 0xBF:
      return bytes[index + 2] == 0xBE ? (3, "\\ufffe") : bytes[index + 2] == 0xBF ? (3, "\\uffff") : nil
    default: return nil
    }
  }
}
