import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

/// What other tools answer on their own test data; the cases lie beside the repository and may be absent.
@Suite("Dependency rules of other tools", .enabled(if: Reach.has("conformance/dependencies-zipkin")))
struct DependencyConformanceTests {
  private static func cases(_ family: String) -> [String] {
    guard let folder = Reach.path("conformance/\(family)") else { return [] }
    return Files.names(in: folder).map { "\(family)/\($0)" }
  }

  @Test("zipkin", arguments: cases("dependencies-zipkin"))
  func zipkin(_ name: String) throws { try check(name, .zipkin, errors: true, types: false) }

  @Test("servicegraph", arguments: cases("dependencies-servicegraph"))
  func serviceGraph(_ name: String) throws { try check(name, .servicegraph, errors: true, types: true) }

  @Test("jaeger", arguments: cases("dependencies-jaeger"))
  func jaeger(_ name: String) throws { try check(name, .jaeger, errors: false, types: false) }

  private func check(_ name: String, _ rule: DependencyRule, errors: Bool, types: Bool) throws {
    let folder = try #require(Reach.path("conformance/\(name)"))
    let expected = try JSONValue(parsing: Files.read(folder + "/expected.json"))
    guard expected["scored"] == .boolean(true) else { return }
    let input = try #require(expected["command"][1].text)
    let store = SpanStore.reading([folder + "/" + input], threads: 1)
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    let links = rule.links(of: walk).map { link in
      "\(link.parent) → \(link.child) \(link.callCount)" + (errors ? " \(link.errorCount)" : "")
        + (types ? " \(link.connectionType.rawValue)" : "")
    }
    let wanted = expected["expect"]["links"].elements.map { link in
      let names = "\(link["parent"].text ?? "") → \(link["child"].text ?? "")"
      return names + " \(Int(link["callCount"].number ?? 0))"
        + (errors ? " \(Int(link["errorCount"].number ?? 0))" : "")
        + (types ? " \(link["connectionType"].text ?? "")" : "")
    }
    #expect(links.map { $0.lowercased() }.sorted() == wanted.map { $0.lowercased() }.sorted(), "\(name)")
  }
}
