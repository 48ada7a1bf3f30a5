import TraceModel

/// The spans that consumers point to: low halves of trace ids and span ids, those of one consumer together.
///
/// Written by one thread; nobody may read meanwhile.
final class MessageLinks: @unchecked Sendable {
  private var numbers = Column<UInt64>()
  private let space: SpillSpace?

  /// - `space`: where they go when they are many; nil for memory.
  init(in space: SpillSpace?) { self.space = space }

  /// Keeps pairs of a trace and a span; where they begin.
  func append(_ pairs: [UInt64]) -> Int {
    let first = numbers.count
    for number in pairs { numbers.append(number) }
    // Without room there they stay, and it is not tried again.
    let bytes = numbers.count * MemoryLayout<UInt64>.stride
    if let space = space?.forTable(bytes: bytes), space.failure == nil { numbers.moveToFile(in: space) }
    return first
  }

  /// One of the spans that a consumer points to.
  func pair(_ place: Int, of consumer: MessageLedger.Consumer) -> (trace: UInt64, span: UInt64) {
    (numbers[consumer.firstLink + 2 * place], numbers[consumer.firstLink + 2 * place + 1])
  }

  /// Below, at or above zero as the links of one consumer come before those of another that has as many.
  func compare(_ left: MessageLedger.Consumer, _ right: MessageLedger.Consumer) -> Int {
    for offset in 0..<2 * left.links {
      let (own, other) = (numbers[left.firstLink + offset], numbers[right.firstLink + offset])
      if own != other { return own < other ? -1 : 1 }
    }
    return 0
  }

  /// Lets go of the pages of all that is in files.
  func leaveMemory() { numbers.leaveMemory() }
}
