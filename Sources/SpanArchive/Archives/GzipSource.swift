import CInflate
import TraceModel

/// The inflated bytes of a gzip stream of any number of members (RFC 1952).
///
///     [header deflate… crc length][header deflate… crc length] 0 0 0
///      ───────── member ─────────  ───────── member ─────────  padding
///
/// Members follow one another as one continuous stream. A damaged member is a gap: what it gave before stays, and
/// reading goes on at the next member that can be found. Zero padding behind the last member is passed over.
final class GzipSource: ByteSource {
  private enum Place {
    case header
    case body
    case trailer
    case done
  }

  private static let inputSize = 1 << 17

  private let upstream: any ByteSource
  private let pool: BufferPool
  private let limits: ReadingLimits
  private let input: UnsafeMutablePointer<UInt8>
  private var position = 0
  private var available = 0
  /// Where the first byte of `input` lies in the file.
  private var inputOffset: UInt64 = 0
  private var upstreamEnded = false
  private var upstreamDamage: ArchiveDamage?
  private let inflater: OpaquePointer
  /// The inflater has met damage, which is told once what came before it is read.
  private var hasDamage = false
  private var place = Place.header
  private var memberOffset: UInt64 = 0
  private var checksum: UInt32 = 0
  private var length: UInt32 = 0
  private var memberCount = 0
  /// The member before has another checksum than it says: it may have ended too early.
  private var mayHaveEndedEarly = false
  /// The bytes of all members so far.
  private var inflatedCount: UInt64 = 0
  private var ownRemarks = SourceRemarks()

  var remarks: [ArchiveDamage] { upstream.remarks + ownRemarks.list }
  var packedCount: UInt64 { upstream.packedCount }

  init(_ upstream: any ByteSource, pool: BufferPool, limits: ReadingLimits) {
    self.upstream = upstream
    self.pool = pool
    self.limits = limits
    input = pool.take(Self.inputSize)
    inflater = pool.takeInflater()
  }

  deinit {
    pool.give(inflater: inflater)
    pool.give(input, size: Self.inputSize)
  }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult {
    while true {
      switch place {
      case .header:
        if let result = readHeader() { return result }
      case .body:
        if let result = inflateBody(into: buffer, count: count) { return result }
      case .trailer:
        if let result = checkTrailer() { return result }
      case .done: return .end
      }
    }
  }

  // MARK: Input

  /// Where the next unread byte lies in the file.
  private var offset: UInt64 { inputOffset + UInt64(position) }

  /// True when at least so many unread bytes are at hand.
  private func ensure(_ count: Int) -> Bool {
    while available - position < count, !upstreamEnded {
      // The inflater may give back a few bytes of what it has taken.
      let dropped = position - Int(TRACEBOOK_INFLATE_GIVES_BACK)
      if dropped > 0 {
        input.update(from: input + dropped, count: available - dropped)
        inputOffset += UInt64(dropped)
        available -= dropped
        position -= dropped
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

  // MARK: Members

  private func readHeader() -> ByteSourceResult? {
    skipPadding()
    guard ensure(1) else {
      place = .done
      return upstreamDamage.map { .gap($0) }
    }
    guard ensure(10), isMagic(at: position) else {
      if memberCount > 0, !beginsMember {
        return mayHaveEndedEarly ? resynchronise() : endWithTrailingData()
      }
      return end(
        ArchiveDamage(code: .truncatedStream, message: "ends inside a gzip header at byte \(offset)"))
    }
    memberOffset = offset
    let flags = input[position + 3]
    position += 10
    guard skipOptionalFields(flags) else {
      return end(
        ArchiveDamage(code: .truncatedStream, message: "ends inside a gzip header at byte \(offset)"))
    }
    tracebook_inflater_reset(inflater)
    checksum = 0
    length = 0
    memberCount += 1
    mayHaveEndedEarly = false
    place = .body
    return nil
  }

  /// True when what is left begins as a member does, be it one byte.
  private var beginsMember: Bool { input[position] == 0x1f && (!ensure(2) || input[position + 1] == 0x8b) }

  private func isMagic(at place: Int) -> Bool {
    input[place] == 0x1f && input[place + 1] == 0x8b && input[place + 2] == 8 && input[place + 3] & 0xe0 == 0
  }

  private func skipPadding() {
    guard memberCount > 0 else { return }
    while ensure(1), input[position] == 0 { position += 1 }
  }

  /// Passes over FEXTRA, FNAME, FCOMMENT and FHCRC.
  private func skipOptionalFields(_ flags: UInt8) -> Bool {
    if flags & 4 != 0 {
      guard ensure(2) else { return false }
      var rest = Int(input[position]) | Int(input[position + 1]) << 8
      position += 2
      while rest > 0 {
        guard ensure(1) else { return false }
        let step = min(rest, available - position)
        position += step
        rest -= step
      }
    }
    for bit: UInt8 in [8, 16] where flags & bit != 0 {
      repeat { guard ensure(1) else { return false }; position += 1 } while input[position - 1] != 0
    }
    if flags & 2 != 0 {
      guard ensure(2) else { return false }
      position += 2
    }
    return true
  }

  private func inflateBody(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> ByteSourceResult? {
    if hasDamage { return resynchronise() }
    let hasInput = ensure(1)
    let result = tracebook_inflate(inflater, input + position, available - position, buffer, count)
    position += result.consumed
    if result.produced > 0 {
      checksum = tracebook_crc32(checksum, buffer, result.produced)
      length &+= UInt32(truncatingIfNeeded: result.produced)
      inflatedCount &+= UInt64(result.produced)
      if isBomb { return endBomb() }
    }
    if result.status > 0 {
      place = .trailer
    } else if result.status < 0 {
      hasDamage = true
    } else if result.produced == 0, !hasInput {
      return end(
        upstreamDamage
          ?? ArchiveDamage(
            code: .truncatedStream, message: "stream ends inside a gzip member at byte \(offset)"))
    }
    return result.produced > 0 ? .bytes(result.produced) : nil
  }

  private func checkTrailer() -> ByteSourceResult? {
    guard ensure(8) else {
      return end(
        ArchiveDamage(code: .truncatedStream, message: "stream ends inside a gzip member at byte \(offset)"))
    }
    let isGood =
      word(at: position) == checksum && word(at: position + 4) == length
    position += 8
    place = .header
    // What it held was inflated and parses, or does not, on its own account: the stream goes on.
    if !isGood {
      mayHaveEndedEarly = true
      ownRemarks.add(
        .gzipDamaged,
        "gzip member at byte \(memberOffset) is damaged: its checksum does not fit; 0 bytes skipped")
    }
    return nil
  }

  /// True when so much came out of so little that the archive was made to fill memory or time.
  private var isBomb: Bool {
    inflatedCount > UInt64(limits.inflationFloor)
      && inflatedCount / UInt64(limits.inflationRatio) > packedCount &+ 1
  }

  private func endBomb() -> ByteSourceResult {
    end(
      ArchiveDamage(
        code: .recordTooLarge,
        message: "gzip data inflates to more than \(limits.inflationRatio) times its size: cut after "
          + "\(inflatedCount) bytes; raise limits.inflationRatio if it is genuine"))
  }

  private func word(at place: Int) -> UInt32 {
    UInt32(input[place]) | UInt32(input[place + 1]) << 8 | UInt32(input[place + 2]) << 16
      | UInt32(input[place + 3]) << 24
  }

  // MARK: Damage

  private func end(_ damage: ArchiveDamage) -> ByteSourceResult {
    place = .done
    return .gap(damage)
  }

  private func endWithTrailingData() -> ByteSourceResult {
    let start = offset
    while ensure(1) { position = available }
    ownRemarks.add(.gzipTrailingData, "\(offset - start) bytes after the last gzip member ignored")
    place = .done
    return .end
  }

  /// Looks for the next member behind damage: its header, and a first piece that inflates.
  ///
  /// - Complexity: O(bytes left), each tried as a header at most once.
  private func resynchronise() -> ByteSourceResult {
    hasDamage = false
    let damageOffset = offset
    // The damaged deflate data may have run over the next header: look again at what is at hand.
    position = inputOffset > memberOffset ? 0 : Int(memberOffset - inputOffset) + 1
    while ensure(18) {
      if isMagic(at: position), inflates(from: position) {
        place = .header
        let skipped = offset > damageOffset ? offset - damageOffset : 0
        return .gap(
          ArchiveDamage(
            code: .gzipDamaged,
            message: "gzip member at byte \(memberOffset) is damaged; \(skipped) bytes skipped"))
      }
      position += 1
    }
    position = available
    let skipped = offset > damageOffset ? offset - damageOffset : 0
    return end(
      ArchiveDamage(
        code: .gzipDamaged,
        message: "gzip member at byte \(memberOffset) is damaged; \(skipped) bytes skipped"))
  }

  /// True when deflate data behind a header at a place of the input gives at least some bytes.
  private func inflates(from start: Int) -> Bool {
    guard let body = bodyStart(ofHeaderAt: start) else { return false }
    tracebook_inflater_reset(inflater)
    var trial: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    return withUnsafeMutableBytes(of: &trial) { output in
      guard let base = output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
      let result = tracebook_inflate(inflater, input + body, available - body, base, output.count)
      return result.status >= 0 && result.produced > 0
    }
  }

  /// Where deflate data begins behind a header that lies whole in the input at hand.
  private func bodyStart(ofHeaderAt start: Int) -> Int? {
    let flags = input[start + 3]
    var place = start + 10
    if flags & 4 != 0 {
      guard place + 2 <= available else { return nil }
      place += 2 + Int(input[place]) + Int(input[place + 1]) << 8
    }
    for bit: UInt8 in [8, 16] where flags & bit != 0 {
      while place < available, input[place] != 0 { place += 1 }
      place += 1
    }
    if flags & 2 != 0 { place += 2 }
    return place < available ? place : nil
  }
}
