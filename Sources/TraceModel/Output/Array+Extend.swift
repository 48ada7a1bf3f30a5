extension [UInt8] {
  /// Appends bytes of a known number in place, with one check of the room there is.
  ///
  /// - `write`: gets where they go and must write all of them.
  @inline(__always)
  mutating func extend(by length: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Void) {
    append(addingCapacity: length) { span in
      span.withUnsafeMutableBufferPointer { buffer, filled in
        guard let base = buffer.baseAddress else { return }
        write(base + filled)
        filled += length
      }
    }
  }
}
