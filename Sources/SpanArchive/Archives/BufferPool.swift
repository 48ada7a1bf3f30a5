import CInflate
import CZstd

/// Memory and inflaters that the archives of one worker take turns in, so that a small archive costs no allocation.
///
/// Used by one thread.
final class BufferPool {
  private var buffers: [(base: UnsafeMutablePointer<UInt8>, size: Int)] = []
  private var inflaters: [OpaquePointer] = []
  private var decompressors: [OpaquePointer] = []

  deinit {
    for buffer in buffers { buffer.base.deallocate() }
    for inflater in inflaters { tracebook_inflater_free(inflater) }
    for decompressor in decompressors { ZSTD_freeDCtx(decompressor) }
  }

  /// Memory of exactly so many bytes, with anything in it.
  func take(_ size: Int) -> UnsafeMutablePointer<UInt8> {
    if let place = buffers.lastIndex(where: { $0.size == size }) {
      return buffers.swapRemove(at: place).base
    }
    return .allocate(capacity: size)
  }

  /// Takes memory back that was given out with this size.
  func give(_ base: UnsafeMutablePointer<UInt8>, size: Int) { buffers.append((base, size)) }

  /// An inflater of raw deflate data, reset.
  func takeInflater() -> OpaquePointer {
    if let inflater = inflaters.popLast() {
      tracebook_inflater_reset(inflater)
      return inflater
    }
    guard let inflater = tracebook_inflater_make() else { preconditionFailure("out of memory for inflating") }
    return inflater
  }

  /// Takes an inflater back.
  func give(inflater: OpaquePointer) { inflaters.append(inflater) }

  /// A zstd decompressor at the start of a frame; frames that need more than 128 MiB of history are refused by it.
  func takeDecompressor() -> OpaquePointer {
    if let decompressor = decompressors.popLast() {
      ZSTD_DCtx_reset(decompressor, ZSTD_reset_session_only)
      return decompressor
    }
    guard let decompressor = ZSTD_createDCtx() else { preconditionFailure("zstd cannot start") }
    ZSTD_DCtx_setParameter(decompressor, ZSTD_d_windowLogMax, 27)
    return decompressor
  }

  /// Takes a decompressor back.
  func give(_ decompressor: OpaquePointer) { decompressors.append(decompressor) }
}

extension Array {
  /// Takes an element out and puts the last one in its place.
  ///
  /// - Complexity: O(1).
  fileprivate mutating func swapRemove(at place: Int) -> Element {
    swapAt(place, count - 1)
    return removeLast()
  }
}
