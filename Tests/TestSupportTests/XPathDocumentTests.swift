import TestSupport
import Testing

@Suite("XPath documents")
struct XPathDocumentTests {
  @Test("elements are found without regard to namespaces, texts and attributes come as strings")
  func findsNodes() throws {
    let text = """
      <html xmlns="http://www.w3.org/1999/xhtml"><body><p id="a">one <b>two</b></p>\
      <svg xmlns="http://www.w3.org/2000/svg"><rect width="3"/></svg><p id="b"/></body></html>
      """
    let page = try XPathDocument(xml: Array(text.utf8))
    #expect(page.count("//p") == 2)
    #expect(page.count("//svg/rect[@width='3']") == 1)
    #expect(page.strings("//@id") == ["a", "b"])
    #expect(page.string("//p") == "one two")
    #expect(page.string("string(count(//p))") == "2")
    #expect(page.string("//nothing") == nil)
  }

  @Test("what is not well-formed is refused with the line")
  func refusesBrokenXML() throws {
    let failure = #expect(throws: TestFailure.self) { try XPathDocument(xml: Array("<a>\n<b></a>".utf8)) }
    #expect(failure?.description.contains("line 2") == true)
  }

  @Test("HTML is read as forgivingly as a browser does")
  func readsHTML() throws {
    let page = try XPathDocument(html: Array("<!doctype html><p>one<p>two<br>".utf8))
    #expect(page.strings("//p") == ["one", "two"])
  }

  @Test("documents may be read in many tests at once", arguments: 0..<20)
  func readsInParallel(number: Int) throws {
    let rows = String(repeating: "<r><c>x</c></r>", count: 500)
    for _ in 0..<20 {
      let page = try XPathDocument(xml: Array("<t n=\"\(number)\">\(rows)</t>".utf8))
      #expect(page.count("//c") == 500)
      #expect(page.string("/t/@n") == "\(number)")
    }
  }

  @Test("deep nesting is walked without recursion")
  func readsDeepDocuments() throws {
    let text = String(repeating: "<d>", count: 3_000) + String(repeating: "</d>", count: 3_000)
    #expect(try XPathDocument(xml: Array(text.utf8)).count("//d") == 3_000)
  }
}
