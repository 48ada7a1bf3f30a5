/// What spans have in common and is known only behind them, as where a resource stands behind its spans.
///
/// Of spans that lie in files no more than a piece is in memory at any time.
extension SpanTable {
  /// Gives all spans from a place on their resource.
  package mutating func setResource(_ resource: UInt32, from first: Int) {
    changePieces(from: first, to: spans.count) { spans, _ in
      for place in spans.indices where spans[place].resource != resource { spans[place].resource = resource }
    }
  }

  /// Gives spans from a place on, and behind it as many as there are of so many, the resource of their number; none where
  /// that is nil.
  package mutating func setResources(from first: Int, count: Int, _ resource: (Int) -> UInt32?) {
    changePieces(from: first, to: min(first + count, spans.count)) { spans, number in
      for place in spans.indices {
        if let resource = resource(number + place) { spans[place].resource = resource }
      }
    }
  }

  /// Gives all spans from a place on their scope.
  package mutating func setScope(_ scope: UInt32, from first: Int) {
    changePieces(from: first, to: spans.count) { spans, _ in
      for place in spans.indices where spans[place].scope != scope { spans[place].scope = scope }
    }
  }

  /// Hands spans over in pieces, each with the number of its first one.
  @inline(__always)
  private mutating func changePieces(
    from first: Int, to end: Int, _ change: (UnsafeMutableBufferPointer<SpanRecord>, Int) -> Void
  ) {
    let most = SpillSpace.bytesAdded / MemoryLayout<SpanRecord>.stride
    var start = first
    while start < end {
      let next = min(start + most, end)
      change(UnsafeMutableBufferPointer(rebasing: spans.mutableElements[start..<next]), start - first)
      if next < end { spans.leaveMemory() }
      start = next
    }
  }
}
