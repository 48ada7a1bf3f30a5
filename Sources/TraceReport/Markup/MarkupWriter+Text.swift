/// Text and elements without children: gathered as bytes, escaped by position.
extension MarkupWriter {
  /// Longest value shown in full; what is longer is cut, and the page says by how much.
  static let longestText = 2_000

  @inline(__always)
  func text(_ text: String, limit: Int = MarkupWriter.longestText) {
    var text = text
    text.withUTF8 { VisibleText.append($0, to: pending, limit: limit) }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int = MarkupWriter.longestText) {
    VisibleText.append(bytes, to: pending, limit: limit)
  }

  /// Markup written out in the source of Tracebook.
  @inline(__always)
  func fragment(_ literal: StaticString) {
    pending.append(literal)
  }

  /// An element that holds only text.
  func leaf(_ tag: Tag, _ attributes: MarkupAttribute..., text content: String) {
    openLeaf(tag, attributes)
    if tag.isVoid {
      pending.append("/>")
      return
    }
    pending.append(UInt8(ascii: ">"))
    text(content)
    endLeaf(tag)
  }

  /// An element that holds nothing.
  func leaf(_ tag: Tag, _ attributes: MarkupAttribute...) {
    openLeaf(tag, attributes)
    if tag.isVoid {
      pending.append("/>")
      return
    }
    pending.append(UInt8(ascii: ">"))
    endLeaf(tag)
  }

  private func openLeaf(_ tag: Tag, _ attributes: [MarkupAttribute]) {
    pending.append(UInt8(ascii: "<"))
    pending.append(tag.name)
    for attribute in attributes {
      var value = attribute.value
      pending.append(UInt8(ascii: " "))
      pending.append(attribute.name)
      pending.append("=\"")
      value.withUTF8 { VisibleText.append($0, to: pending, in: .attribute) }
      pending.append(UInt8(ascii: "\""))
    }
  }

  private func endLeaf(_ tag: Tag) {
    pending.append("</")
    pending.append(tag.name)
    pending.append(UInt8(ascii: ">"))
  }
}
