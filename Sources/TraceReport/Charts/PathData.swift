/// The commands of an SVG path, with coordinates of at most one decimal.
struct PathData {
  let bytes = ByteBuilder(capacity: 256)

  init() {}

  var isEmpty: Bool { bytes.count == 0 }

  func move(_ x: Double, _ y: Double) { command(UInt8(ascii: "M"), x, y) }
  func line(_ x: Double, _ y: Double) { command(UInt8(ascii: "L"), x, y) }

  func horizontal(_ x: Double) {
    bytes.append(UInt8(ascii: "H"))
    bytes.append(pixels: x)
  }

  func vertical(_ y: Double) {
    bytes.append(UInt8(ascii: "V"))
    bytes.append(pixels: y)
  }

  func curve(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, to x: Double, _ y: Double) {
    command(UInt8(ascii: "C"), x1, y1)
    for (a, b) in [(x2, y2), (x, y)] { command(UInt8(ascii: " "), a, b) }
  }

  func close() { bytes.append(UInt8(ascii: "Z")) }

  /// A rectangle with whole coordinates, as heat maps are made of.
  func cell(x: Int, y: Int, width: Int) {
    bytes.append(UInt8(ascii: "M"))
    bytes.append(decimal: x)
    bytes.append(UInt8(ascii: " "))
    bytes.append(decimal: y)
    bytes.append(UInt8(ascii: "h"))
    bytes.append(decimal: width)
    bytes.append("v1h-")
    bytes.append(decimal: width)
    bytes.append(UInt8(ascii: "z"))
  }

  private func command(_ letter: UInt8, _ x: Double, _ y: Double) {
    bytes.append(letter)
    bytes.append(pixels: x)
    bytes.append(UInt8(ascii: " "))
    bytes.append(pixels: y)
  }
}
