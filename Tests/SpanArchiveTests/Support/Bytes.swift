import SpanArchive

/// Lends the bytes of a text, with room behind them that readers may load but never look at.
func withText<Result>(_ text: String, _ body: (JSONText) throws -> Result) rethrows -> Result {
  try withText(Array(text.utf8), body)
}

/// Lends bytes, with room behind them that readers may load but never look at.
func withText<Result>(_ bytes: [UInt8], _ body: (JSONText) throws -> Result) rethrows -> Result {
  let padded = bytes + [UInt8](repeating: 0x39, count: 16)
  return try padded.withUnsafeBufferPointer { buffer in
    try body(JSONText(base: buffer.baseAddress ?? JSONText.nowhere, count: bytes.count))
  }
}

/// Lends a JSON reader over a text.
func withReader<Result>(_ text: String, _ body: (inout JSONReader) throws -> Result) rethrows -> Result {
  try withText(text) { text in
    var reader = JSONReader(base: text.base, position: 0, end: text.count, scratch: TextScratch())
    return try body(&reader)
  }
}
