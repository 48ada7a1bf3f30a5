import CLibXML2
import Glibc

/// A parsed page or drawing that tests ask questions of with XPath.
///
/// Namespaces are taken away after parsing, so that `//svg//rect` finds what it seems to. A document belongs to one test:
/// libxml2 is safe in parallel tests only as long as no two threads share a document.
package final class XPathDocument {
  private let document: xmlDocPtr

  /// Made once, before any thread parses: libxml2's own start is not safe to race.
  private static let started: Void = xmlInitParser()

  /// Parses well-formed XML, as every page of a report must be; throws with the line of the first fault.
  package convenience init(xml bytes: [UInt8]) throws {
    _ = Self.started
    guard let context = xmlNewParserCtxt() else { throw TestFailure("no parser") }
    defer { xmlFreeParserCtxt(context) }
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
      | XML_PARSE_HUGE.rawValue
    let parsed = bytes.withUnsafeBytes {
      xmlCtxtReadMemory(
        context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, "UTF-8",
        Int32(options))
    }
    guard let parsed else { throw TestFailure("not well-formed: " + Self.lastError(of: context)) }
    self.init(parsed)
  }

  /// Parses HTML as forgivingly as a browser; slots for faults there are none.
  package convenience init(html bytes: [UInt8]) throws {
    _ = Self.started
    let options =
      HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
      | HTML_PARSE_RECOVER.rawValue
    let parsed = bytes.withUnsafeBytes {
      htmlReadMemory(
        $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), nil, "UTF-8", Int32(options))
    }
    guard let parsed else { throw TestFailure("no HTML at all") }
    self.init(parsed)
  }

  private init(_ document: xmlDocPtr) {
    self.document = document
    removeNamespaces()
  }

  deinit {
    xmlFreeDoc(document)
  }

  /// How many nodes an expression finds.
  package func count(_ expression: String) -> Int {
    evaluate(expression) { Int($0.pointee.nodesetval?.pointee.nodeNr ?? 0) } ?? 0
  }

  /// The text of every node an expression finds (an element's with all below it), or the value itself
  /// for an expression such as `string(//title)`.
  package func strings(_ expression: String) -> [String] {
    let found = evaluate(expression) { object -> [String] in
      guard object.pointee.type == XPATH_NODESET else { return [Self.take(xmlXPathCastToString(object))] }
      guard let set = object.pointee.nodesetval, let nodes = set.pointee.nodeTab else { return [] }
      return (0..<Int(set.pointee.nodeNr)).map { Self.take(xmlXPathCastNodeToString(nodes[$0])) }
    }
    return found ?? []
  }

  /// The text of the first node an expression finds, nil when it finds none.
  package func string(_ expression: String) -> String? {
    strings(expression).first
  }

  private func evaluate<Value>(_ expression: String, _ body: (xmlXPathObjectPtr) -> Value) -> Value? {
    guard let context = xmlXPathNewContext(document) else { return nil }
    defer { xmlXPathFreeContext(context) }
    guard let object = xmlXPathEvalExpression(expression, context) else {
      preconditionFailure("not an XPath expression: \(expression)")
    }
    defer { xmlXPathFreeObject(object) }
    return body(object)
  }

  private static func take(_ text: UnsafeMutablePointer<xmlChar>?) -> String {
    guard let text else { return "" }
    // `xmlFree` is a variable, which Swift does not let threads share; it stands for `free`.
    defer { free(text) }
    return String(cString: text)
  }

  private static func lastError(of context: xmlParserCtxtPtr) -> String {
    guard let error = xmlCtxtGetLastError(context), let message = error.pointee.message else {
      return "unknown"
    }
    return "line \(error.pointee.line): "
      + String(cString: message).split(separator: "\n").joined(separator: " ")
  }

  /// Walks all elements without recursion: pages may be nested deeply.
  private func removeNamespaces() {
    var next = xmlDocGetRootElement(document)
    let root = next
    while let node = next {
      node.pointee.ns = nil
      if node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children {
        next = child
        continue
      }
      var climbing: xmlNodePtr? = node
      while let end = climbing, end != root, end.pointee.next == nil { climbing = end.pointee.parent }
      next = climbing == root ? nil : climbing?.pointee.next
    }
  }
}
