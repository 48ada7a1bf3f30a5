import Synchronization

/// A file that is written piece after piece, so that it need not be in memory whole.
///
/// What goes wrong is told by `finish`; nothing is written any more then.
final class PieceFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let error = Mutex<ReportError?>(nil)

  /// Makes the file, or empties it; `finish` must be called.
  init(_ path: String) throws {
    self.path = path
    descriptor = try FileSystem.create(path)
  }

  /// Writes a piece.
  func take(_ piece: [UInt8]) {
    error.withLock { error in
      guard error == nil else { return }
      do throws(ReportError) {
        try FileSystem.write(piece, to: descriptor, path)
      } catch let failure {
        error = failure
      }
    }
  }

  /// Writes the last piece, and ends the file.
  func finish(with piece: [UInt8]) throws {
    take(piece)
    var failure = error.withLock { $0 }
    do throws(ReportError) {
      try FileSystem.end(descriptor, path)
    } catch let other {
      failure = failure ?? other
    }
    if let failure { throw failure }
  }
}
