import TestSupport
import Testing

/// A published report that several tests look at.
final class SampleSite: Sendable {
  let folder: TemporaryFolder
  /// Paths of all pages, relative to the site, sorted.
  let pages: [String]
  let report: JSONValue

  /// The report of the recorded shop, made once.
  static let shop = Task {
    try await SampleSite(
      archive: Repository.path("samples/shop"),
      options: [
        "--policy", Repository.path("samples/collector/tail-sampling.yaml"), "--policy",
        Repository.path("samples/collector/head-then-tail.yaml"), "--sampler", "go:0.1",
      ])
  }

  init(archive: String, options: [String] = []) async throws {
    folder = try TemporaryFolder()
    let result = try await CommandRunner(in: folder.path).run(["report", archive, "-o", "site"] + options)
    if result.status != 0 { throw TestFailure("report ended with \(result.status): \(result.errorOutput)") }
    pages = Files.tree(folder.path("site")).filter { $0.hasSuffix(".html") }
    report = try JSONValue(parsing: try Files.read(folder.path("site/report.json")))
  }

  /// The absolute path of a file of the site.
  func path(_ file: String) -> String {
    folder.path("site/\(file)")
  }

  /// A page, parsed strictly.
  func document(_ page: String) throws -> XPathDocument {
    do {
      return try XPathDocument(xml: try Files.read(path(page)))
    } catch {
      throw TestFailure("\(page): \(error)")
    }
  }

  /// All pages that there is one of, and the first few of each folder.
  var typicalPages: [String] {
    var seen: [Substring: Int] = [:]
    return pages.filter { page in
      let folder = page.lastIndex(of: "/").map { page[..<$0] } ?? ""
      seen[folder, default: 0] += 1
      return folder.isEmpty || seen[folder, default: 0] <= 3
    }
  }
}
