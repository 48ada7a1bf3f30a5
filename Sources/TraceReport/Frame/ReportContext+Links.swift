import TraceAnalysis

extension Page {
  /// The page and place that a finding names, if they are in this report: `latency.html#SLUG` with the slug of an
  /// entry point, `errors.html#ID` with the id of an error group, or one of the fixed pages and their sections.
  func link(of finding: Finding) -> SiteLink? {
    let parts = finding.page.split(separator: "#", maxSplits: 1).map(String.init)
    guard let page = parts.first else { return evidenceLink(finding) }
    let fragment = parts.count > 1 ? parts[1] : nil
    switch page {
    case "latency.html":
      let anchor = fragment.flatMap { slug in
        conclusions.entryPoints.prefix(LatencyPage.mostListed).first {
          $0.slug == slug || "entry-" + $0.slug == slug
        }
      }
      return link(page, fragment: anchor.map { Anchor.entryPoint($0.slug) })
    case "errors.html":
      let group = fragment.flatMap { id in
        conclusions.errorGroups.prefix(ErrorsPage.mostListed).first {
          $0.id == id || Anchor.errorGroup($0.id) == id
        }
      }
      let section = fragment == "not-reached" && !conclusions.notReached.isEmpty ? fragment : nil
      return link(page, fragment: group.map { Anchor.errorGroup($0.id) } ?? section)
    case "compare.html" where conclusions.comparison != nil: return link(page, fragment: fragment)
    case "sampling.html" where conclusions.hasSamplingPage: return link(page, fragment: fragment)
    case "dependencies.html", "index.html", "search.html", "quality.html":
      return link(page, fragment: nil)
    default:
      if let path = context.servicePath(finding.service), page.hasPrefix("services/") { return link(path) }
      return evidenceLink(finding)
    }
  }

  private func evidenceLink(_ finding: Finding) -> SiteLink? {
    for evidence in finding.evidence {
      if let address = link(to: evidence.traceID, span: evidence.spanID) { return address }
    }
    return context.servicePath(finding.service).map { link($0) }
  }
}
