import TestSupport
import Testing

/// What every page of every report must keep, asked with XPath.
@Suite(
  "Pages of the recorded shop",
  .enabled(if: CommandRunner.knows("report") && Files.exists(Repository.path("samples/shop"))))
struct PageTests {
  @Test("all pages that the design names are there")
  func pagesAreThere() async throws {
    let site = try await SampleSite.shop.value
    for page in ["index.html", "latency.html", "errors.html", "dependencies.html", "search.html"] {
      #expect(site.pages.contains(page), "\(page) is missing")
    }
    #expect(site.pages.contains { $0.hasPrefix("traces/") })
    #expect(site.pages.contains { $0.hasPrefix("services/") })
  }

  @Test("every page is well-formed, names its language and title, and has one main heading")
  func everyPageIsWellFormed() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages {
      let document = try site.document(page)
      #expect(document.count("//h1") == 1, "\(page)")
      #expect(document.string("/html/@lang") != nil, "\(page)")
      #expect(document.string("/html/head/title")?.isEmpty == false, "\(page)")
      #expect(document.count("//main") == 1, "\(page)")
    }
  }

  @Test("ids are unique in their page")
  func idsAreUnique() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages {
      let ids = try site.document(page).strings("//@id")
      let repeated = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
      #expect(repeated == [], "\(page)")
    }
  }

  @Test("every link within the site leads to a file, and to an id in it")
  func linksResolve() async throws {
    let site = try await SampleSite.shop.value
    var ids: [String: Set<String>] = [:]
    for page in site.pages { ids[page] = Set(try site.document(page).strings("//@id")) }
    for page in site.pages {
      for link in Set(try site.document(page).strings("//@href")).sorted() {
        guard let target = SiteAddress(link, from: page) else { continue }
        #expect(Files.exists(site.path(target.file)), "\(page) links to \(link)")
        // The hash of a search is a query, no id.
        if let fragment = target.fragment, let known = ids[target.file], target.file != "search.html" {
          #expect(known.contains(fragment), "\(page) links to \(link)")
        }
      }
    }
  }

  @Test("no page asks another host for anything")
  func nothingFromOutside() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages {
      let document = try site.document(page)
      let addresses = document.strings(
        "//@src | //link/@href | //*[local-name()='use' or local-name()='image']/@*")
      #expect(addresses.filter { $0.contains("//") && !$0.hasPrefix("data:") } == [], "\(page)")
      for style in document.strings("//style | //@style") {
        #expect(
          !style.contains("@import") && !style.contains("url(http") && !style.contains("url(//"), "\(page)")
      }
    }
  }

  @Test("no element carries script or style in an attribute")
  func noInlineHandlers() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages {
      let document = try site.document(page)
      #expect(document.count("//@*[starts-with(name(), 'on')]") == 0, "\(page)")
      #expect(document.count("//@style") == 0, "\(page)")
    }
  }

  @Test("no page is over five megabytes")
  func pagesAreSmall() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages { #expect(try Files.read(site.path(page)).count <= 5_000_000, "\(page)") }
  }

  @Test("tables have a caption, pictures a title")
  func tablesAndPicturesAreNamed() async throws {
    let site = try await SampleSite.shop.value
    for page in site.pages {
      let document = try site.document(page)
      #expect(
        document.count("//table[not(caption) and not(@aria-label) and not(@aria-labelledby)]") == 0, "\(page)"
      )
      #expect(
        document.count("//svg[@role='img'][not(title) and not(@aria-label) and not(@aria-labelledby)]") == 0,
        "\(page)")
    }
  }

  @Test("the accounting of spans closes")
  func accountingCloses() async throws {
    let input = try await SampleSite.shop.value.report["input"]
    let count = { (key: String) in input[key].number ?? -1 }
    #expect(count("spansRead") == 4_468)
    #expect(
      count("spansRead") == count("spansAccepted") + count("spansQuarantined") + count("duplicateSpans"))
    #expect(input["archives"].elements.compactMap { $0["spans"].number }.reduce(0, +) == count("spansRead"))
    #expect(count("traces") == 286)
  }
}
