/// The name of an element and whether it can hold anything. Names are fixed here, so data can never make one.
package struct Tag: Sendable {
  let name: StaticString
  /// Void elements are written `<br/>`; all others get an end tag, as HTML readers expect.
  let isVoid: Bool

  private init(_ name: StaticString, isVoid: Bool = false) {
    self.name = name
    self.isVoid = isVoid
  }

  // Parts of a page.
  package static let header = Tag("header")
  package static let nav = Tag("nav")
  package static let main = Tag("main")
  package static let footer = Tag("footer")
  package static let section = Tag("section")
  package static let div = Tag("div")
  package static let span = Tag("span")
  package static let p = Tag("p")
  package static let h1 = Tag("h1")
  package static let h2 = Tag("h2")
  package static let h3 = Tag("h3")
  package static let h4 = Tag("h4")
  package static let a = Tag("a")
  package static let b = Tag("b")
  package static let code = Tag("code")
  package static let pre = Tag("pre")
  package static let small = Tag("small")
  package static let br = Tag("br", isVoid: true)

  // Lists, disclosure, pictures.
  package static let ol = Tag("ol")
  package static let ul = Tag("ul")
  package static let li = Tag("li")
  package static let dl = Tag("dl")
  package static let dt = Tag("dt")
  package static let dd = Tag("dd")
  package static let details = Tag("details")
  package static let summary = Tag("summary")
  package static let figure = Tag("figure")
  package static let figcaption = Tag("figcaption")
  package static let time = Tag("time")

  // Tables.
  package static let table = Tag("table")
  package static let caption = Tag("caption")
  package static let thead = Tag("thead")
  package static let tbody = Tag("tbody")
  package static let tfoot = Tag("tfoot")
  package static let tr = Tag("tr")
  package static let th = Tag("th")
  package static let td = Tag("td")

  // Forms, only for the script's extras.
  package static let form = Tag("form")
  package static let label = Tag("label")
  package static let input = Tag("input", isVoid: true)
  package static let button = Tag("button")
  package static let output = Tag("output")

  // SVG.
  package static let svg = Tag("svg")
  package static let g = Tag("g")
  package static let title = Tag("title")
  package static let desc = Tag("desc")
  package static let defs = Tag("defs")
  package static let rect = Tag("rect", isVoid: true)
  package static let line = Tag("line", isVoid: true)
  package static let path = Tag("path", isVoid: true)
  package static let circle = Tag("circle", isVoid: true)
  package static let use = Tag("use", isVoid: true)
  package static let text = Tag("text")
}

/// One attribute of an element; the writer escapes its value.
package struct MarkupAttribute: Sendable {
  let name: StaticString
  let value: String

  init(_ name: StaticString, _ value: String) {
    self.name = name
    self.value = value
  }

  package static func id(_ value: String) -> MarkupAttribute { MarkupAttribute("id", value) }
  package static func `class`(_ value: String) -> MarkupAttribute { MarkupAttribute("class", value) }
  package static func title(_ value: String) -> MarkupAttribute { MarkupAttribute("title", value) }
  package static func role(_ value: String) -> MarkupAttribute { MarkupAttribute("role", value) }
  package static func label(_ value: String) -> MarkupAttribute { MarkupAttribute("aria-label", value) }
  package static func labelledBy(_ value: String) -> MarkupAttribute { MarkupAttribute("aria-labelledby", value) }
  package static func scope(_ value: String) -> MarkupAttribute { MarkupAttribute("scope", value) }
  package static func width(_ value: String) -> MarkupAttribute { MarkupAttribute("width", value) }
  package static func height(_ value: String) -> MarkupAttribute { MarkupAttribute("height", value) }
  package static func viewBox(_ value: String) -> MarkupAttribute { MarkupAttribute("viewBox", value) }
  /// A link within the report. There is no way to make one from text of an archive.
  package static func href(_ link: SiteLink) -> MarkupAttribute { MarkupAttribute("href", link.address) }
  /// The value the script sorts or filters by, where the cell's text would not do.
  package static func sortKey(_ value: String) -> MarkupAttribute { MarkupAttribute("data-k", value) }

  package static let hidden = MarkupAttribute("aria-hidden", "true")
  package static let open = MarkupAttribute("open", "")
  package static let focusable = MarkupAttribute("tabindex", "0")
  package static let current = MarkupAttribute("aria-current", "page")
}
