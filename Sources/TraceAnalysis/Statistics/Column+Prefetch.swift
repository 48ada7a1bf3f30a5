import CMemory
import TraceModel

extension Column {
  /// Asks for the element at an index, which need not be there, without waiting for it.
  @inline(__always)
  func prefetch(_ index: Int) {
    guard let base = elements.baseAddress else { return }
    tracebook_prefetch(
      UnsafeRawPointer(
        bitPattern: UInt(bitPattern: base) &+ UInt(bitPattern: index &* MemoryLayout<Element>.stride)))
  }
}
