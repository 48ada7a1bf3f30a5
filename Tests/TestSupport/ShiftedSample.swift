/// Recorded spans at another time: the same night again, so many days later.
package enum ShiftedSample {
  private static let timeMark = Array("UnixNano\":\"".utf8)
  private static let idMark = Array("\"traceId\":\"".utf8)

  /// OTLP JSON with every time so many days later and, so that ids differ from night to night, the first
  /// two digits of every trace id changed.
  package static func bytes(_ source: [UInt8], days: Int) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(source.count + 64)
    let shift = days * 86_400_000_000_000
    var index = 0
    while index < source.count {
      let byte = source[index]
      output.append(byte)
      index += 1
      guard byte == 0x22 else { continue }
      if output.suffix(timeMark.count).elementsEqual(timeMark) {
        var digits = 0
        while index < source.count, (0x30...0x39).contains(source[index]) {
          digits = digits &* 10 &+ Int(source[index] - 0x30)
          index += 1
        }
        output += String(digits > 0 ? digits &+ shift : digits).utf8
      } else if output.suffix(idMark.count).elementsEqual(idMark), index + 2 <= source.count {
        let first = Int(String(decoding: source[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
        let turned = String((first &+ days) & 0xff, radix: 16)
        output += (turned.utf8.count < 2 ? "0" + turned : turned).utf8
        index += 2
      }
    }
    return output
  }

  /// The recorded shop so many days later, packed, into a folder; `wanted` picks archives by name.
  package static func writeShop(
    days: Int, to folder: TemporaryFolder, _ name: String, where wanted: (String) -> Bool = { _ in true }
  ) throws {
    let shop = Repository.path("samples/shop")
    for file in Files.names(in: shop) where file.hasSuffix(".jsonl.gz") && wanted(file) {
      let lines = try Gzip.decompress(try Files.read(shop + "/" + file))
      try folder.write("\(name)/\(file)", Gzip.compress(bytes(lines, days: days), level: 1))
    }
  }
}
