/// An internet address as an endpoint names it.
enum IPAddress {
  case v4(String)
  case v6(String)
  case none

  /// Reads an address; the text decides which kind it is, `::ffff:1.2.3.4` is an IPv4 address.
  static func read(_ text: JSONText) -> IPAddress {
    guard text.count >= 2, text.count <= 45 else { return .none }
    var string = text.string.lowercased()
    if string.hasPrefix("::ffff:"), string.contains(".") { string.removeFirst(7) }
    if string.contains(":") {
      return string.utf8.allSatisfy { Digits.hexValue($0) != nil || $0 == 0x3a || $0 == 0x2e }
        ? .v6(string) : .none
    }
    let parts = string.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ $0.count <= 3 && UInt8($0) != nil }) else { return .none }
    return .v4(string)
  }
}
