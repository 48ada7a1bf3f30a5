import Synchronization

/// The frames of all kinds of pages, made by a version of the program; each once, when the first page of its kind is.
final class PageShell: Sendable {
  private let generator: String
  private let frames = Mutex<[Page.Kind: PageFrame]>([:])

  /// The frames of the files in the binary, which name no version.
  static let embedded = PageShell(generator: "Tracebook")

  init(version: String) { generator = "Tracebook " + version }

  private init(generator: String) { self.generator = generator }

  /// The frame of a kind of pages.
  ///
  /// - Complexity: O(1) but for the first time, which reckons the hashes of style and script.
  subscript(kind: Page.Kind) -> PageFrame {
    frames.withLock { frames in
      if let frame = frames[kind] { return frame }
      let frame = PageFrame(parts: kind.parts, generator: generator)
      frames[kind] = frame
      return frame
    }
  }
}
