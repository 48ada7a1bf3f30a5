import CLibXML2

/// Writes the markup of one page or picture: elements by closure, text escaped, nothing left open.
///
///     page.element(.p, .class("kicker")) {
///       page.text(service)
///     }
///
/// Structure goes through libxml2's `xmlTextWriter`. Text and elements without children are gathered in a run
/// of bytes first and handed over in one call, because each call costs more than the few bytes it writes.
/// The one way to write markup as it is takes a literal of the source, so data cannot use it.
/// One writer belongs to one thread.
final class MarkupWriter {
  /// Everything that has reached the page. Complete only after `finish()`.
  private let output = ByteBuilder(capacity: 1 << 16)
  /// Text and leaves that libxml2 has not seen yet.
  let pending = ByteBuilder(capacity: 1 << 12)
  private let value = ByteBuilder(capacity: 256)
  private let writer: xmlTextWriterPtr?
  private var depth = 0
  private var failed = false

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
  var size: Int { output.count + pending.count }

  /// An element with content. The end tag is written when `content` returns.
  func element(_ tag: Tag, _ attributes: MarkupAttribute..., content: () -> Void = {}) {
    open(tag, attributes)
    content()
    close(tag)
  }

  /// Opens an element that a loop closes later; every `open` needs its `close`. For trees, which are walked
  /// with a stack of their own and cannot nest closures.
  func open(_ tag: Tag, _ attributes: [MarkupAttribute] = []) {
    flushPending()
    depth += 1
    check(xmlTextWriterStartElement(writer, tag.name.utf8Start))
    for attribute in attributes { write(attribute) }
  }

  func close(_ tag: Tag) {
    precondition(depth > 0, "an end tag without its element")
    flushPending()
    depth -= 1
    check(tag.isVoid ? xmlTextWriterEndElement(writer) : xmlTextWriterFullEndElement(writer))
  }

  /// The finished bytes. Throws when an element was left open or memory ran out.
  func finish() throws -> ByteBuilder {
    flushPending()
    check(xmlTextWriterFlush(writer))
    guard !failed, depth == 0 else {
      throw ReportError(
        code: .markup, message: "A page could not be written: \(depth) elements were left open.",
        remedy: "This is a mistake in Tracebook; please report it.")
    }
    return output
  }

  private func flushPending() {
    guard pending.count > 0 else { return }
    check(xmlTextWriterWriteRawLen(writer, pending.pointer, Int32(clamping: pending.count)))
    pending.removeAll()
  }

  private func write(_ attribute: MarkupAttribute) {
    // libxml2 escapes quotes and brackets; what is invisible is made visible here.
    value.removeAll()
    var text = attribute.value
    let isPlain = text.withUTF8 { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
    if isPlain {
      text.withCString { characters in
        characters.withMemoryRebound(to: UInt8.self, capacity: text.utf8.count + 1) {
          check(xmlTextWriterWriteAttribute(writer, attribute.name.utf8Start, $0))
        }
      }
      return
    }
    text.withUTF8 { VisibleText.append($0, to: value, in: .attribute) }
    value.append(0)
    check(xmlTextWriterStartAttribute(writer, attribute.name.utf8Start))
    check(xmlTextWriterWriteRawLen(writer, value.pointer, Int32(clamping: value.count - 1)))
    check(xmlTextWriterEndAttribute(writer))
  }

  @inline(__always)
  private func check(_ result: Int32) {
    if result < 0 { failed = true }
  }
}
