import Testing

/// A link of a page as a file of the site and a place in it.
struct SiteAddress {
  let file: String
  let fragment: String?

  /// Nil for an address outside the site or within the page's own scripts.
  init?(_ link: String, from page: String) {
    if link.contains(":") || link.hasPrefix("//") { return nil }
    let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: "?", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    fragment = parts.count > 1 && !parts[1].isEmpty ? Self.decoded(String(parts[1])) : nil
    if path.isEmpty {
      file = page
      return
    }
    var folders = page.split(separator: "/").dropLast().map(String.init)
    for part in Self.decoded(path).split(separator: "/") {
      switch part {
      case "..": _ = folders.popLast()
      case ".": continue
      default: folders.append(String(part))
      }
    }
    file = folders.joined(separator: "/")
  }

  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite("Addresses in a site")
struct SiteAddressTests {
  @Test("are taken relative to their page, without query, with decoded escapes")
  func relative() {
    let address = SiteAddress("../services/a%20b.html?x=1#op%3A1", from: "traces/1.html")
    #expect(address?.file == "services/a b.html")
    #expect(address?.fragment == "op:1")
    #expect(SiteAddress("#top", from: "traces/1.html")?.file == "traces/1.html")
    #expect(SiteAddress("./x.css", from: "index.html")?.file == "x.css")
  }

  @Test(
    "of other hosts and schemes are none",
    arguments: ["https://host/x", "//host/x", "javascript:x", "data:,x"])
  func foreign(link: String) {
    #expect(SiteAddress(link, from: "index.html") == nil)
  }
}
