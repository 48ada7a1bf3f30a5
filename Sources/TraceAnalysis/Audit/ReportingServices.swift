import TraceModel

/// The services that some resource names: a bit a symbol, since there may be millions.
final class ReportingServices: Sendable {
  private let bits: Column<UInt64>

  /// - Complexity: O(resources).
  init(_ store: SpanStore) {
    var bits = Column<UInt64>(zeroes: store.symbols.count / 64 + 1)
    for number in 0..<store.resources.count {
      let service = Int(store.resources[number].serviceName.index)
      if service > 0 { bits[service / 64] |= 1 << UInt64(service % 64) }
      if number & 0xffff == 0 { store.leaveMemory() }
    }
    self.bits = bits
  }

  /// True when spans of a service were read.
  func contains(_ service: Symbol) -> Bool {
    let number = Int(service.index)
    return number / 64 < bits.count && bits[number / 64] >> UInt64(number % 64) & 1 == 1
  }
}
