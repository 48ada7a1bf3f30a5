/// Arrays and maps of OTLP JSON in the short form that people write: `{"values":[{"stringValue":"a"}]}` as `["a"]`.
///
/// Drops the wrappers that only say a value's type, in one pass over the bytes and without building a tree, so
/// that neither depth nor damage can do harm: what does not look as expected is shown as it is.
enum OTLPValueText {
  private static let wrappers = [
    "\"stringValue\":", "\"intValue\":", "\"doubleValue\":", "\"boolValue\":", "\"bytesValue\":",
    "\"arrayValue\":", "\"kvlistValue\":", "\"values\":",
  ].map { Array($0.utf8) }

  static func plain(_ json: UnsafeBufferPointer<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(min(json.count, 8_192))
    // For each open brace: whether it only wraps and is not shown.
    var isWrapper: [Bool] = []
    var index = 0
    while index < json.count, out.count < 8_192 {
      let byte = json[index]
      switch byte {
      case UInt8(ascii: "{"):
        if let skip = wrapperLength(json, at: index + 1) {
          isWrapper.append(true)
          index += skip
        } else {
          isWrapper.append(false)
          out.append(byte)
        }
      case UInt8(ascii: "}"):
        if isWrapper.popLast() != true { out.append(byte) }
      case UInt8(ascii: "\""):
        let end = stringEnd(json, from: index + 1)
        out += json[index..<end]
        index = end - 1
      case UInt8(ascii: ","): out += [byte, UInt8(ascii: " ")]
      case UInt8(ascii: " "), 0x0A, 0x0D, 0x09: break
      default: out.append(byte)
      }
      index += 1
    }
    if index < json.count { out += Array("…".utf8) }
    return String(decoding: out, as: UTF8.self)
  }

  private static func wrapperLength(_ json: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    for wrapper in wrappers where start + wrapper.count <= json.count {
      if zip(wrapper.indices, wrapper).allSatisfy({ json[start + $0] == $1 }) { return wrapper.count }
    }
    return nil
  }

  private static func stringEnd(_ json: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < json.count {
      if json[index] == UInt8(ascii: "\\") {
        index += 1
      } else if json[index] == UInt8(ascii: "\"") {
        return index + 1
      }
      index += 1
    }
    return json.count
  }
}
