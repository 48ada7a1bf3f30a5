/// What all pages of one kind have in common: head, policy, style, icons and script around a title and a content.
///
///     page.html:   …{{title}}…{{style}}…{{content}}…{{script}}…
///     made once:   | before title |        | before content |         | after content |
///
/// The template is split at its slots once, before any data is there, so a text that holds a slot's name is text.
/// Style and script are admitted by their hashes; nothing else can run or restyle a page.
struct PageFrame: Sendable {
  private let beforeTitle: [UInt8]
  private let beforeContent: [UInt8]
  private let afterContent: [UInt8]

  /// The frame of the files in the binary, with the parts of style and script that a page needs.
  init(parts: [PagePart], generator: String) {
    self.init(
      page: EmbeddedFiles.page, style: PagePart.style(of: parts), script: PagePart.script(of: parts),
      icons: EmbeddedFiles.icons, generator: generator, loadsScripts: parts.contains(.nights))
  }

  /// - Parameter loadsScripts: what the page's own script asks for may run, too; nothing else may.
  init(
    page: [UInt8], style: [UInt8], script: [UInt8], icons: [UInt8], generator: String,
    loadsScripts: Bool = false
  ) {
    // Comments of XML that HTML reads as comments of the script: `<` and `&` may stand in it, and the page is XML.
    let scriptText = Array("//<![CDATA[\n".utf8) + script + Array("\n//]]>".utf8)
    let slots: [String: [UInt8]] = [
      "script-sources": Array(
        ("'" + SHA256.policySource(scriptText) + "'" + (loadsScripts ? " 'strict-dynamic'" : "")).utf8),
      "style-hash": Array(SHA256.policySource(style).utf8),
      "generator": Self.escaped(generator),
      "style": style, "icons": icons, "script": scriptText,
    ]
    var parts: [[UInt8]] = [[]]
    for piece in Self.split(page) {
      switch piece {
      case .text(let bytes): parts[parts.count - 1] += bytes
      case .slot("title"), .slot("content"): parts.append([])
      case .slot(let name): parts[parts.count - 1] += slots[name] ?? []
      }
    }
    precondition(parts.count == 3, "page.html has one title and one content, in this order")
    beforeTitle = parts[0]
    beforeContent = parts[1]
    afterContent = parts[2]
  }

  /// Writes what stands before a page's content.
  func appendHead(title: String, to page: ByteBuilder) {
    page.append(beforeTitle)
    page.append(Self.escaped(title))
    page.append(beforeContent)
  }

  /// Writes what stands behind a page's content.
  func appendTail(to page: ByteBuilder) { page.append(afterContent) }

  private enum Piece {
    case text(ArraySlice<UInt8>)
    case slot(String)
  }

  private static func split(_ page: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    while index + 1 < page.count {
      guard page[index] == 0x7B, page[index + 1] == 0x7B,
        let end = page[index...].firstIndex(of: 0x7D)
      else {
        index += 1
        continue
      }
      pieces.append(.text(page[start..<index]))
      pieces.append(.slot(String(decoding: page[(index + 2)..<end], as: UTF8.self)))
      start = end + 2
      index = start
    }
    pieces.append(.text(page[start...]))
    return pieces
  }

  private static func escaped(_ text: String) -> [UInt8] {
    let out = ByteBuilder()
    var text = text
    text.withUTF8 { VisibleText.append($0, to: out, in: .attribute, limit: 300) }
    return out.bytes
  }
}
