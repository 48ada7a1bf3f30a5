/// An address within the report: a page relative to the one it stands on, and perhaps a place on it.
///
/// Made only from names the report itself chose (fixed pages, slugs, hex ids), so it is always relative and inert.
struct SiteLink: Sendable, Equatable {
  let address: String

  private init(address: String) { self.address = address }

  /// A place on the same page.
  static func fragment(_ anchor: String) -> SiteLink {
    SiteLink(address: "#" + checked(anchor))
  }

  /// A page or file of the report, `path` from the report's root, seen from a page `depth` folders deep.
  static func page(_ path: String, fragment: String? = nil, fromDepth depth: Int) -> SiteLink {
    var address = ""
    for _ in 0..<depth { address += "../" }
    address += checked(path)
    if let fragment { address += "#" + checked(fragment) }
    return SiteLink(address: address)
  }

  /// Letters, digits and `-._/` only. What else is there is left out: never a scheme, a query or a step upwards.
  private static func checked(_ text: String) -> String {
    let isClean = text.utf8.allSatisfy(isAllowed) && !text.hasPrefix("/") && !text.hasPrefix(".")
    if isClean { return text }
    let kept = text.utf8.filter(isAllowed).drop { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
