/// Text and elements without children: gathered as bytes, escaped by position.
extension MarkupWriter {
  /// Longest value shown in full; what is longer is cut, and the page says by how much.
  static let longestText = 2_000
  /// The same where names stand, again and again: headings, cells of tables, labels, titles of pictures.
  static let longestName = 300

  @inline(__always)
  func text(_ text: String, limit: Int = MarkupWriter.longestText) {
    var text = text
    text.withUTF8 { VisibleText.append($0, to: output, limit: limit) }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int = MarkupWriter.longestText) {
    VisibleText.append(bytes, to: output, limit: limit)
  }

  /// Markup written out in the source of Tracebook.
  @inline(__always)
  func fragment(_ literal: StaticString) {
    output.append(literal)
  }

  /// An element that holds only text.
  func leaf(_ tag: Tag, _ attributes: MarkupAttribute..., text content: String) {
    appendStart(tag, attributes)
    if tag.isVoid {
      output.append("/>")
      return
    }
    output.append(UInt8(ascii: ">"))
    text(content, limit: tag.isBrief ? Self.longestName : Self.longestText)
    appendEnd(tag)
  }

  /// An element that holds nothing.
  func leaf(_ tag: Tag, _ attributes: MarkupAttribute...) {
    appendStart(tag, attributes)
    if tag.isVoid {
      output.append("/>")
      return
    }
    output.append(UInt8(ascii: ">"))
    appendEnd(tag)
  }

  /// A start tag but for its last bracket.
  func appendStart(_ tag: Tag, _ attributes: [MarkupAttribute]) {
    output.append(UInt8(ascii: "<"))
    output.append(tag.name)
    for attribute in attributes {
      var value = attribute.value
      output.append(UInt8(ascii: " "))
      output.append(attribute.name)
      output.append("=\"")
      value.withUTF8 { VisibleText.append($0, to: output, in: .attribute, limit: attribute.limit) }
      output.append(UInt8(ascii: "\""))
    }
  }

  /// An end tag.
  func appendEnd(_ tag: Tag) {
    output.append("</")
    output.append(tag.name)
    output.append(UInt8(ascii: ">"))
  }
}
