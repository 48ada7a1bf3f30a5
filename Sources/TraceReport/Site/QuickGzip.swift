import CInflate

/// One gzip member in the making; see `GzipWriter.packQuickly`.
struct QuickGzip: ~Copyable {
  private let packer: OpaquePointer
  private var packed: [UInt8] = []
  private var room = [UInt8](repeating: 0, count: 1 << 16)
  private var status: Int32 = 0

  /// Fails when there is no memory.
  init?() {
    guard let packer = tracebook_packer_make() else { return nil }
    self.packer = packer
  }

  deinit { tracebook_packer_free(packer) }

  /// Takes more bytes.
  mutating func add(_ bytes: [UInt8]) { pack(bytes, isLast: false) }

  /// The whole member.
  consuming func finish() throws -> [UInt8] {
    pack([], isLast: true)
    guard status == 1 else { throw GzipWriter.failure("ISA-L gave up") }
    return packed
  }

  /// - Complexity: O(bytes); a failure is kept for `finish` to tell.
  private mutating func pack(_ bytes: [UInt8], isLast: Bool) {
    let packer = packer
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
