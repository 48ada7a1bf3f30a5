/// Tells plain text from text that must be looked at more closely.
enum UTF8Check {
  /// True when all bytes are ASCII, looked at 8 at a time.
  @inline(__always)
  static func isASCII(_ text: JSONText) -> Bool {
    let raw = UnsafeRawPointer(text.base)
    var place = 0
    while place &+ 8 <= text.count {
      if raw.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 {
        return false
      }
      place &+= 8
    }
    var rest: UInt8 = 0
    while place < text.count {
      rest |= text.base[place]
      place &+= 1
    }
    return rest < 0x80
  }
}
