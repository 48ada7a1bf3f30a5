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
  func leaf(
    _ tag: Tag, _ first: MarkupAttribute? = nil, _ second: MarkupAttribute? = nil,
    _ third: MarkupAttribute? = nil, _ more: MarkupAttribute...,
    text content: String
  ) {
    appendStart(tag, first, second, third, more)
    if tag.isVoid {
      output.append("/>")
      return
    }
    output.append(UInt8(ascii: ">"))
    text(content, limit: tag.isBrief ? Self.longestName : Self.longestText)
    appendEnd(tag)
  }

  /// An element that holds nothing.
  func leaf(
    _ tag: Tag, _ first: MarkupAttribute? = nil, _ second: MarkupAttribute? = nil,
    _ third: MarkupAttribute? = nil, _ more: MarkupAttribute...
  ) {
    appendStart(tag, first, second, third, more)
    if tag.isVoid {
      output.append("/>")
      return
    }
    output.append(UInt8(ascii: ">"))
    appendEnd(tag)
  }

  /// A start tag but for its last bracket.
  func appendStart(
    _ tag: Tag, _ first: MarkupAttribute?, _ second: MarkupAttribute?, _ third: MarkupAttribute?,
    _ more: [MarkupAttribute]
  ) {
    output.append(UInt8(ascii: "<"))
    output.append(tag.name)
    if let first { append(first) }
    if let second { append(second) }
    if let third { append(third) }
    for attribute in more { append(attribute) }
  }

  private func append(_ attribute: MarkupAttribute) {
    var value = attribute.value
    output.append(UInt8(ascii: " "))
    output.append(attribute.name)
    output.append("=\"")
    value.withUTF8 { VisibleText.append($0, to: output, in: .attribute, limit: attribute.limit) }
    output.append(UInt8(ascii: "\""))
  }

  /// An end tag.
  func appendEnd(_ tag: Tag) {
    output.append("</")
    output.append(tag.name)
    output.append(UInt8(ascii: ">"))
  }
}
