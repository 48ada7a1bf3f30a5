import CZstd
import TraceModel

/// The decompressed bytes of zstd frames (RFC 8878), one continuous stream; skippable frames give nothing.
///
///     plain     [frame][frame][frame] …
///     framed    [4 bytes][frame] [4 bytes][frame] …        one message a frame, JSON without an end of line
///
/// A damaged frame is a gap: what it gave before stays, and reading goes on at the next frame that can be found. In
/// framed streams that is exactly the next one. Messages that are text get the end of line which they lack.
final class ZstdSource: ByteSource {
  private static let inputSize = 1 << 17
  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

  private let upstream: any ByteSource
  private let pool: BufferPool
  private let limits: ReadingLimits
  private let decompressor: OpaquePointer
  private let input: UnsafeMutablePointer<UInt8>
  private var position = 0
  private var available = 0
  /// Where the first byte of `input` lies in the file.
  private var inputOffset: UInt64 = 0
  private var upstreamEnded = false
  private var upstreamDamage: ArchiveDamage?
  private let isFramed: Bool
  /// The bytes left of the frame, where its length is known beforehand.
  private var frameRest: UInt64 = 0
  private var isInFrame = false
  private var frameOffset: UInt64 = 0
  private var frameCount = 0
  /// The message of the frame is text and gets an end of line.
  private var isTextFrame = false
  private var isFrameStart = true
  /// The last output filled its buffer: more may come without further input.
  private var mayHoldOutput = false
  /// The frame proved damaged; what it gave before was handed out.
  private var hasFailed = false
  private var decompressedCount: UInt64 = 0
  private var isDone = false
  private var ownRemarks = SourceRemarks()

  var remarks: [ArchiveDamage] { upstream.remarks + ownRemarks.list }
  var packedCount: UInt64 { upstream.packedCount }

  init(_ upstream: any ByteSource, isFramed: Bool, pool: BufferPool, limits: ReadingLimits) {
    self.upstream = upstream
    self.isFramed = isFramed
    self.pool = pool
    self.limits = limits
    decompressor = pool.takeDecompressor()
    input = pool.take(Self.inputSize)
  }

  deinit {
    pool.give(decompressor)
    pool.give(input, size: Self.inputSize)
  }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    while !isDone {
      if let result = isInFrame ? decompress(into: buffer, count: count) : beginFrame(into: buffer) {
        return result
      }
    }
    return .end
  }

  // MARK: Input

  private var offset: UInt64 { inputOffset + UInt64(position) }

  /// True when at least so many unread bytes are at hand.
  private func ensure(_ count: Int) -> Bool {
    while available - position < count, !upstreamEnded {
      if position > 0 {
        input.update(from: input + position, count: available - position)
        inputOffset += UInt64(position)
        available -= position
        position = 0
      }
      switch upstream.read(into: input + available, count: Self.inputSize - available) {
      case .bytes(let read): available += read
      case .end: upstreamEnded = true
      case .gap(let damage):
        upstreamDamage = damage
        upstreamEnded = true
      }
    }
    return available - position >= count
  }

  // MARK: Frames

  private func beginFrame(into buffer: UnsafeMutablePointer<UInt8>) -> ByteSourceResult? {
    if frameCount > 0 { while ensure(1), input[position] == 0 && !isFramed { position += 1 } }
    if isTextFrame {
      isTextFrame = false
      buffer[0] = 0x0a
      return .bytes(1)
    }
    guard ensure(1) else {
      isDone = true
      return upstreamDamage.map { .gap($0) }
    }
    frameOffset = offset
    if isFramed {
      guard ensure(4) else { return endCut() }
      frameRest = (0..<4).reduce(0) { $0 << 8 | UInt64(input[position + $1]) }
      position += 4
    } else if frameCount > 0, ensure(4), !isFrameMagic(at: position) {
      return endWithTrailingData()
    }
    frameCount += 1
    isFrameStart = true
    isInFrame = true
    return nil
  }

  private func isFrameMagic(at place: Int) -> Bool {
    let isSkippable =
      input[place] & 0xf0 == 0x50 && input[place + 1] == 0x2a && input[place + 2] == 0x4d
      && input[place + 3] == 0x18
    return isSkippable || (0..<4).allSatisfy { input[place + $0] == Self.magic[$0] }
  }

  private func decompress(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult? {
    if hasFailed { return resynchronise() }
    guard ensure(1) || mayHoldOutput else { return endCut() }
    var source = ZSTD_inBuffer(src: input + position, size: available - position, pos: 0)
    if isFramed { source.size = min(source.size, Int(clamping: frameRest)) }
    var target = ZSTD_outBuffer(dst: buffer, size: count, pos: 0)
    let hint = ZSTD_decompressStream(decompressor, &target, &source)
    position += source.pos
    frameRest &-= isFramed ? UInt64(source.pos) : 0
    decompressedCount &+= UInt64(target.pos)
    mayHoldOutput = target.pos == count
    if target.pos > 0, isFrameStart {
      isFrameStart = false
      isTextFrame = isFramed && (buffer[0] == 0x7b || buffer[0] == 0x5b)
    }
    if ZSTD_isError(hint) != 0 {
      hasFailed = true
      return target.pos > 0 ? .bytes(target.pos) : nil
    }
    if isBomb { return endBomb() }
    if hint == 0 {
      isInFrame = false
      if isFramed { skipFrameRest() }
    } else if source.pos == 0, target.pos == 0 {
      // Nothing moves: a frame that is longer than its length says, or the end.
      hasFailed = isFramed && frameRest == 0
      if !hasFailed, !ensure(1) { return endCut() }
    }
    return target.pos > 0 ? .bytes(target.pos) : nil
  }

  /// Passes over what a frame's length counts behind the frame itself.
  private func skipFrameRest() {
    while frameRest > 0, ensure(1) {
      let step = min(frameRest, UInt64(available - position))
      position += Int(step)
      frameRest -= step
    }
  }

  // MARK: Ends and damage

  private var isBomb: Bool {
    decompressedCount > UInt64(limits.inflationFloor)
      && decompressedCount / UInt64(limits.inflationRatio) > packedCount &+ 1
  }

  private func endBomb() -> ByteSourceResult {
    isDone = true
    return .gap(
      ArchiveDamage(
        code: .recordTooLarge,
        message: "zstd data inflates to more than \(limits.inflationRatio) times its size: cut after "
          + "\(decompressedCount) bytes; raise limits.inflationRatio if it is genuine"))
  }

  private func endCut() -> ByteSourceResult {
    isDone = true
    return .gap(
      upstreamDamage
        ?? ArchiveDamage(code: .truncatedStream, message: "stream ends inside a zstd frame at byte \(offset)")
    )
  }

  private func endWithTrailingData() -> ByteSourceResult {
    let start = offset
    while ensure(1) { position = available }
    ownRemarks.add(.gzipTrailingData, "\(offset - start) bytes after the last zstd frame ignored")
    isDone = true
    return .end
  }

  /// Looks for the next frame behind damage.
  ///
  /// - Complexity: O(bytes left).
  private func resynchronise() -> ByteSourceResult {
    ZSTD_DCtx_reset(decompressor, ZSTD_reset_session_only)
    isInFrame = false
    isTextFrame = false
    hasFailed = false
    mayHoldOutput = false
    let damageOffset = offset
    if isFramed {
      skipFrameRest()
    } else {
      // The damaged frame may have run over the start of the next one: look again at what is at hand.
      position = inputOffset > frameOffset ? 0 : Int(frameOffset - inputOffset) + 1
      while ensure(4), !isFrameMagic(at: position) { position += 1 }
      if !ensure(4) { isDone = true }
    }
    let skipped = offset > damageOffset ? offset - damageOffset : 0
    return .gap(
      ArchiveDamage(
        code: .gzipDamaged,
        message: "zstd frame at byte \(frameOffset) is damaged; \(skipped) bytes skipped"))
  }
}
