import Glibc

/// Writes results to standard output in large pieces.
struct StandardOutput: ~Copyable {
  private var pending: [UInt8] = []

  /// Adds bytes; they are written when enough have come together.
  mutating func write(_ bytes: [UInt8]) throws {
    pending += bytes
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Writes what is pending; a reader that went away ends the run quietly.
  mutating func flush() throws {
    try pending.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(STDOUT_FILENO, base, rest.count)
        if written > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EPIPE {
          exit(0)
        } else if errno != EINTR {
          let reason = String(cString: strerror(errno))
          throw CommandFailure(
            status: .failed,
            message: "standard output cannot be written: \(reason); free space or redirect it")
        }
      }
    }
    pending.removeAll(keepingCapacity: true)
  }
}
