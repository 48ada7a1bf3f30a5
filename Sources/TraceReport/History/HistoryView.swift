import TraceAnalysis
import TraceModel

/// What the pages over all nights are made of.
struct HistoryView: Sendable {
  /// By date; never empty.
  let nights: [NightSummary]
  /// What the nights are about.
  let title: String
  /// New, continuing and solved, in this order.
  let courses: [FindingCourse]
  /// Every service of any night by name, with its figures in each of them.
  let services: [ServiceCourse]
  let context: ReportContext
  /// The addresses of the services of each night.
  private let slugs: [Slugs]

  /// One service over the nights; nil where it was absent.
  struct ServiceCourse: Sendable {
    var name: String
    var nights: [NightService?]

    var requests: Int { nights.reduce(0) { $0 + ($1?.requests ?? 0) } }
  }

  init(nights: [NightSummary], title: String, colours: [String: Int] = [:]) {
    self.nights = nights
    self.title = title
    courses = FindingCourse.follow(nights)
    var courses: [String: ServiceCourse] = [:]
    for (place, night) in nights.enumerated() {
      for service in night.services {
        courses[
          service.name,
          default: ServiceCourse(name: service.name, nights: Array(repeating: nil, count: nights.count))
        ].nights[place] = service
      }
    }
    services = courses.values.sorted { $0.name < $1.name }
    slugs = nights.map { Slugs(names: $0.services.map(\.name)) }
    var conclusions = Conclusions()
    conclusions.services = services.map { course in
      var service = ServiceResult()
      service.name = course.name
      return service
    }
    var options = ReportOptions()
    options.title = title
    options.colours = colours
    context = ReportContext(conclusions: conclusions, tracesWithPage: [], options: options)
  }

  var last: Int { nights.count - 1 }

  /// A page of a night, seen from the history's folder.
  func link(_ night: Int, _ path: String = "index.html", fragment: String? = nil) -> SiteLink {
    .page("\(nights[night].date)/\(path)", fragment: fragment, fromDepth: 0)
  }

  /// The page of a service in the last night that has it.
  func link(to service: ServiceCourse) -> SiteLink? {
    guard let night = service.nights.lastIndex(where: { $0 != nil }), let slug = slugs[night][service.name]
    else { return nil }
    return link(night, "services/\(slug).html")
  }

  /// Where a finding is explained, in the last night that had it.
  func link(to course: FindingCourse) -> SiteLink {
    let parts = course.finding.page.split(separator: "#", maxSplits: 1).map(String.init)
    let files = nights[course.last].files
    guard let path = parts.first, files.contains(path) else { return link(course.last) }
    // Ids of places differ a little from what findings name, so the page is linked and not the place.
    return link(course.last, path)
  }

  /// `Sat 21 Nov`
  func shortDate(_ night: Int) -> String {
    let moment = nights[night].date.start.rawValue
    let words = StampFormat.utc.longDate(moment).split(separator: " ")
    guard words.count == 4 else { return nights[night].date.description }
    return words[0].prefix(3) + NumberFormat.space + words[1] + NumberFormat.space + words[2]
  }

  /// `Saturday 21 Nov 2026`
  func longDate(_ night: Int) -> String { StampFormat.utc.longDate(nights[night].date.start.rawValue) }

  /// The nights that tables of many columns show: the last of them.
  var shownNights: Range<Int> { max(0, nights.count - 31)..<nights.count }
}

extension Page {
  /// Writes head, content and footer of a page over all nights.
  func renderHistory(
    _ view: HistoryView, title: String, isSearch: Bool, in shell: PageShell, content: () -> Void
  ) throws -> ByteBuilder {
    let frame = shell[kind]
    frame.appendHead(title: title + " · " + view.title, to: markup.output)
    element(.header, "top") {
      element(.div, "wrap") {
        brand(link("index.html"))
        markup.element(.nav, .label("History")) {
          element(.ul) {
            for (label, path, isCurrent) in [
              ("Nights", "index.html", !isSearch), ("Search", "search.html", isSearch),
            ] {
              element(.li) {
                if isCurrent {
                  markup.leaf(.a, .href(link(path)), .current, text: label)
                } else {
                  markup.leaf(.a, .href(link(path)), text: label)
                }
              }
            }
            element(.li) { anchor("Last night", to: view.link(view.last)) }
          }
        }
      }
    }
    element(.div, "wrap crumbs") {
      markup.element(.nav, .label("Breadcrumb")) {
        element(.ol) {
          element(.li) {
            if isSearch { anchor(view.title, to: link("index.html")) } else { leaf(.span, nil, view.title) }
          }
          if isSearch { element(.li) { leaf(.span, nil, "Search") } }
        }
      }
      leaf(.p, nil, view.shortDate(0) + " to " + view.longDate(view.last) + ", all times UTC")
    }
    markup.element(.main, .id("main"), .class("wrap"), content: content)
    markup.element(.footer, .class("wrap"), .labelledBy("made")) {
      element(.div, "made") {
        markup.leaf(.h2, .id("made"), text: "How this was made")
        element(.div) {
          element(.p) {
            text(
              "From the reports of \(NumberFormat.counted(view.nights.count, "night")) in this folder; "
                + "each holds its digest, to compare with and to merge.")
          }
          leaf(.p, "colophon", "Tracebook. This page asks nothing of any other host.")
        }
      }
    }
    let page = try markup.finish()
    frame.appendTail(to: page)
    return page
  }
}
