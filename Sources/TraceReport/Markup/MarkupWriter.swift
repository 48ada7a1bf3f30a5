import CLibXML2

/// Writes the markup of one page or picture: elements by closure, text escaped, nothing left open.
///
///     page.element(.p, .class("kicker")) {
///       page.text(service)
///     }
///
/// The frame of a page, its outermost `frameDepth` levels, goes through libxml2's `xmlTextWriter`. What stands within
/// is written straight into the same bytes, because a call of libxml2 costs more than the few bytes that a cell of a
/// table or a mark of a picture has:
///
///     <main> <section> <div class="body"> │ <table> … </table> │ </div> </section> </main>
///     └──────────── frame ──────────────┘   └── direct ───────┘  └────── frame ────────┘
///
/// The one way to write markup as it is takes a literal of the source, so data cannot use it.
/// One writer belongs to one thread.
final class MarkupWriter {
  /// Everything written so far. Complete only after `finish()`.
  let output = ByteBuilder(capacity: 1 << 16)
  private let writer: xmlTextWriterPtr?
  private var openTags: [Tag] = []
  private var failed = false

  private static let frameDepth = 3
  private static let nothing: StaticString = ""

  private static let isReady: Bool = {
    xmlInitParser()
    return true
  }()

  init() {
    _ = Self.isReady
    let buffer = xmlOutputBufferCreateIO(
      { context, bytes, count in
        guard let context, let bytes, count > 0 else { return 0 }
        let output = Unmanaged<ByteBuilder>.fromOpaque(context).takeUnretainedValue()
        bytes.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
          output.append($0, count: Int(count))
        }
        return count
      }, nil, Unmanaged.passUnretained(output).toOpaque(), nil)
    writer = xmlNewTextWriter(buffer)
    failed = writer == nil
  }

  deinit {
    if let writer { xmlFreeTextWriter(writer) }
  }

  /// About how many bytes the page has so far: used to stop in time and to say what was left out.
  var size: Int { output.count }

  /// An element with content. The end tag is written when `content` returns.
  ///
  /// The first three attributes are parameters of their own, here and in `leaf`: most elements have no more, and an array
  /// for them would cost more than writing them.
  func element(
    _ tag: Tag, _ first: MarkupAttribute? = nil, _ second: MarkupAttribute? = nil,
    _ third: MarkupAttribute? = nil, _ more: MarkupAttribute..., content: () -> Void = {}
  ) {
    open(tag, first, second, third, more: more)
    content()
    close(tag)
  }

  /// Opens an element that a loop closes later; every `open` needs its `close`. For trees, which are walked
  /// with a stack of their own and cannot nest closures.
  func open(
    _ tag: Tag, _ first: MarkupAttribute? = nil, _ second: MarkupAttribute? = nil,
    _ third: MarkupAttribute? = nil, more: [MarkupAttribute] = []
  ) {
    precondition(!tag.isVoid, "a void element is a leaf")
    if openTags.count < Self.frameDepth {
      check(xmlTextWriterStartElement(writer, tag.name.utf8Start))
      if let first { write(first) }
      if let second { write(second) }
      if let third { write(third) }
      for attribute in more { write(attribute) }
      // Nothing written: this ends the start tag. What comes next goes behind it.
      check(xmlTextWriterWriteRawLen(writer, Self.nothing.utf8Start, 0))
      check(xmlTextWriterFlush(writer))
    } else {
      appendStart(tag, first, second, third, more)
      output.append(UInt8(ascii: ">"))
    }
    openTags.append(tag)
  }

  func close(_ tag: Tag) {
    let opened = openTags.popLast()
    precondition(opened?.name.utf8Start == tag.name.utf8Start, "an end tag without its element")
    if openTags.count < Self.frameDepth {
      check(xmlTextWriterFullEndElement(writer))
      check(xmlTextWriterFlush(writer))
    } else {
      appendEnd(tag)
    }
  }

  /// The finished bytes. Throws when an element was left open or memory ran out.
  func finish() throws -> ByteBuilder {
    guard !failed, openTags.isEmpty else {
      throw ReportError(
        code: .markup, message: "A page could not be written: \(openTags.count) elements were left open.",
        remedy: "This is a mistake in Tracebook; please report it.")
    }
    return output
  }

  private func write(_ attribute: MarkupAttribute) {
    check(xmlTextWriterStartAttribute(writer, attribute.name.utf8Start))
    var text = attribute.value
    let value = ByteBuilder(capacity: 64)
    text.withUTF8 { VisibleText.append($0, to: value, in: .attribute, limit: attribute.limit) }
    check(xmlTextWriterWriteRawLen(writer, value.pointer, Int32(clamping: value.count)))
    check(xmlTextWriterEndAttribute(writer))
  }

  @inline(__always)
  private func check(_ result: Int32) {
    if result < 0 { failed = true }
  }
}
