import CInflate

/// One gzip member in the making; see `GzipWriter.packQuickly`.
struct QuickGzip: ~Copyable {
  /// Made when the first bytes are known; nil before, and when there is no memory.
  private var packer: OpaquePointer?
  private var packed: [UInt8] = []
  private var room = [UInt8](repeating: 0, count: 1 << 16)
  private var status: Int32 = 0

  deinit {
    if let packer { tracebook_packer_free(packer) }
  }

  /// Takes more bytes; the first time at least 6, unless there are no more.
  mutating func add(_ bytes: [UInt8]) {
    if !bytes.isEmpty { pack(bytes, isLast: false) }
  }

  /// The whole member.
  consuming func finish() throws -> [UInt8] {
    pack([], isLast: true)
    guard status == 1 else { throw GzipWriter.failure("ISA-L gave up") }
    return packed
  }

  /// - Complexity: O(bytes); a failure is kept for `finish` to tell.
  private mutating func pack(_ bytes: [UInt8], isLast: Bool) {
    if packer == nil {
      packer = bytes.withUnsafeBufferPointer { tracebook_packer_make($0.baseAddress, $0.count) }
    }
    guard let packer else {
      status = -1
      return
    }
    var taken = 0
    var mayHaveMore = true
    while status == 0, taken < bytes.count || mayHaveMore {
      let result = bytes.withUnsafeBufferPointer { input in
        room.withUnsafeMutableBufferPointer { room in
          tracebook_pack(
            packer, input.baseAddress.map { $0 + taken }, input.count - taken, isLast ? 1 : 0,
            room.baseAddress,
            room.count)
        }
      }
      taken += result.taken
      packed += room.prefix(result.written)
      status = result.status
      mayHaveMore = result.written == room.count || isLast
    }
  }
}
