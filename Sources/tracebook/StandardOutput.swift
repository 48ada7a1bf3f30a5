import Glibc
import Synchronization

/// Writes results to standard output in large pieces.
///
/// What goes wrong is told by the next `write` or `flush`; nothing is written any more then.
final class StandardOutput: Sendable {
  private struct State {
    var pending: [UInt8] = []
    var failure: CommandFailure?
  }

  private static let piece = 1 << 16
  private let state = Mutex(State())

  /// Adds bytes; they are written when enough have come together.
  func write(_ bytes: [UInt8]) throws {
    take(bytes)
    try check()
  }

  /// Writes what is pending.
  func flush() throws {
    state.withLock { Self.flush(&$0) }
    try check()
  }

  /// As `write`, for those that cannot fail.
  func take(_ bytes: [UInt8]) {
    state.withLock { state in
      if bytes.count >= Self.piece {
        // Large pieces need not be in memory twice.
        Self.flush(&state)
        Self.write(bytes, &state)
      } else {
        state.pending += bytes
        if state.pending.count >= Self.piece { Self.flush(&state) }
      }
    }
  }

  private func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private static func flush(_ state: inout State) {
    write(state.pending, &state)
    state.pending.removeAll(keepingCapacity: true)
  }

  /// Writes bytes; a reader that went away ends the run quietly.
  private static func write(_ bytes: [UInt8], _ state: inout State) {
    guard state.failure == nil else { return }
    state.failure = bytes.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(STDOUT_FILENO, base, rest.count)
        if written > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EPIPE {
          exit(0)
        } else if errno != EINTR {
          let reason = String(cString: strerror(errno))
          return CommandFailure(
            status: .failed,
            message: "standard output cannot be written: \(reason); free space or redirect it")
        }
      }
      return nil
    }
  }
}
