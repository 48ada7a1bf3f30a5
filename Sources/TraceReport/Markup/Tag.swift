/// The name of an element and whether it can hold anything. Names are fixed here, so data can never make one.
struct Tag: Sendable {
  let name: StaticString
  /// Void elements are written `<br/>`; all others get an end tag, as HTML readers expect.
  let isVoid: Bool
  /// Elements that hold names and short sentences: what is longer is cut sooner than elsewhere.
  let isBrief: Bool

  private init(_ name: StaticString, isVoid: Bool = false, isBrief: Bool = false) {
    self.name = name
    self.isVoid = isVoid
    self.isBrief = isBrief
  }

  // Parts of a page.
  static let header = Tag("header")
  static let nav = Tag("nav")
  static let main = Tag("main")
  static let footer = Tag("footer")
  static let section = Tag("section")
  static let div = Tag("div")
  static let span = Tag("span")
  static let p = Tag("p")
  static let h1 = Tag("h1", isBrief: true)
  static let h2 = Tag("h2", isBrief: true)
  static let h3 = Tag("h3", isBrief: true)
  static let h4 = Tag("h4", isBrief: true)
  static let a = Tag("a")
  static let b = Tag("b")
  static let code = Tag("code")
  static let pre = Tag("pre")
  static let small = Tag("small")
  static let br = Tag("br", isVoid: true)

  // Lists, disclosure, pictures.
  static let ol = Tag("ol")
  static let ul = Tag("ul")
  static let li = Tag("li")
  static let dl = Tag("dl")
  static let dt = Tag("dt")
  static let dd = Tag("dd")
  static let details = Tag("details")
  static let summary = Tag("summary", isBrief: true)
  static let figure = Tag("figure")
  static let figcaption = Tag("figcaption")
  static let time = Tag("time")

  // Tables.
  static let table = Tag("table")
  static let caption = Tag("caption", isBrief: true)
  static let thead = Tag("thead")
  static let tbody = Tag("tbody")
  static let tfoot = Tag("tfoot")
  static let tr = Tag("tr")
  static let th = Tag("th", isBrief: true)
  static let td = Tag("td", isBrief: true)

  // Forms, only for the script's extras.
  static let form = Tag("form")
  static let label = Tag("label")
  static let input = Tag("input", isVoid: true)
  static let button = Tag("button")
  static let output = Tag("output")

  // SVG.
  static let svg = Tag("svg")
  static let g = Tag("g")
  static let title = Tag("title", isBrief: true)
  static let desc = Tag("desc", isBrief: true)
  static let defs = Tag("defs")
  static let rect = Tag("rect", isVoid: true)
  static let line = Tag("line", isVoid: true)
  static let path = Tag("path", isVoid: true)
  static let circle = Tag("circle", isVoid: true)
  static let use = Tag("use", isVoid: true)
  static let text = Tag("text")
}

/// One attribute of an element; the writer escapes its value.
struct MarkupAttribute: Sendable {
  let name: StaticString
  let value: String
  /// The value is shown, and may hold a name from an archive: a long one is cut.
  let isBrief: Bool

  init(_ name: StaticString, _ value: String, isBrief: Bool = false) {
    self.name = name
    self.value = value
    self.isBrief = isBrief
  }

  /// The most characters of its value that are written.
  var limit: Int { isBrief ? MarkupWriter.longestName : .max }

  static func id(_ value: String) -> MarkupAttribute { MarkupAttribute("id", value) }
  static func `class`(_ value: String) -> MarkupAttribute { MarkupAttribute("class", value) }
  static func title(_ value: String) -> MarkupAttribute { MarkupAttribute("title", value, isBrief: true) }
  static func role(_ value: String) -> MarkupAttribute { MarkupAttribute("role", value) }
  static func label(_ value: String) -> MarkupAttribute {
    MarkupAttribute("aria-label", value, isBrief: true)
  }
  static func labelledBy(_ value: String) -> MarkupAttribute { MarkupAttribute("aria-labelledby", value) }
  static func scope(_ value: String) -> MarkupAttribute { MarkupAttribute("scope", value) }
  static func width(_ value: String) -> MarkupAttribute { MarkupAttribute("width", value) }
  static func height(_ value: String) -> MarkupAttribute { MarkupAttribute("height", value) }
  static func viewBox(_ value: String) -> MarkupAttribute { MarkupAttribute("viewBox", value) }
  /// A link within the report. There is no way to make one from text of an archive.
  static func href(_ link: SiteLink) -> MarkupAttribute { MarkupAttribute("href", link.address) }
  /// A link to another tool, made from a template of the configuration.
  static func href(_ link: ExternalLink) -> MarkupAttribute { MarkupAttribute("href", link.address) }
  static let foreign = MarkupAttribute("rel", "noopener noreferrer")
  /// A file that the page itself carries; `base64` is made of its bytes.
  static func file(base64: String) -> MarkupAttribute {
    MarkupAttribute("href", "data:application/gzip;base64," + base64)
  }
  static func download(_ name: String) -> MarkupAttribute { MarkupAttribute("download", name) }
  /// The value the script sorts or filters by, where the cell's text would not do.
  static func sortKey(_ value: String) -> MarkupAttribute { MarkupAttribute("data-k", value, isBrief: true) }

  /// Makes a picture a file of its own.
  static let svgNamespace = MarkupAttribute("xmlns", "http://www.w3.org/2000/svg")
  static let hidden = MarkupAttribute("aria-hidden", "true")
  static let open = MarkupAttribute("open", "")
  static let focusable = MarkupAttribute("tabindex", "0")
  static let current = MarkupAttribute("aria-current", "page")
}
