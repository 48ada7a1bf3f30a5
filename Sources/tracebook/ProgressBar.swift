import Dispatch
import Glibc
import Synchronization
import TraceModel
import TraceReport

/// A line at the foot of the terminal that tells how far a stage is, how fast it goes and how long it will take.
///
///     read           [#########...........]  46 %  212 MB/s  0:07 left
///
/// Only for people who watch: it is drawn when standard error is a terminal that can take a line back, and the line is
/// gone when the stage is over. It has no colours.
final class ProgressBar: Sendable {
  /// What the stages count.
  let counter = ProgressCounter()

  private struct Stage {
    var name: String
    var start: ContinuousClock.Instant
  }

  private let stage = Mutex<Stage?>(nil)
  private static let width = 20

  /// A bar where one can be seen; nil in pipes, files and plain terminals.
  static func ifWatched() -> ProgressBar? {
    let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
    guard isatty(STDERR_FILENO) == 1, !terminal.isEmpty, terminal != "dumb" else { return nil }
    return ProgressBar()
  }

  private init() {
    DispatchQueue.global(qos: .utility).async { [weak self] in
      while let bar = self {
        bar.draw()
        usleep(100_000)
      }
    }
  }

  /// Begins a stage.
  func begin(_ name: String) {
    counter.begin(0, .bytes)
    stage.withLock { $0 = Stage(name: name, start: .now) }
    draw()
  }

  /// Ends the stage and takes the line back.
  func end() {
    stage.withLock { $0 = nil }
    TerminalLine.clear()
  }

  private func draw() {
    // Under the lock, so that no line is drawn after the stage has ended.
    stage.withLock { stage in
      guard let stage else { return }
      TerminalLine.draw(Self.text(stage.name, counter.state, since: stage.start))
    }
  }

  private static func text(
    _ name: String, _ state: (done: Int, total: Int, unit: ProgressCounter.Unit),
    since start: ContinuousClock.Instant
  ) -> String {
    let label = name + String(repeating: " ", count: max(1, 21 - name.count))
    guard state.total > 0 else { return label + "…" }
    let done = min(state.done, state.total)
    let filled = done * width / state.total
    let percent = String(done * 100 / state.total)
    let seconds = max((ContinuousClock.now - start) / .seconds(1), 0.001)
    let rate = Double(done) / seconds
    var text =
      label + "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      + "] "
      + String(repeating: " ", count: 3 - percent.count) + percent + " %  " + self.rate(rate, state.unit)
    if rate > 0, done < state.total { text += "  " + time(Double(state.total - done) / rate) + " left" }
    return text
  }

  private static func rate(_ rate: Double, _ unit: ProgressCounter.Unit) -> String {
    let whole = UInt64(min(rate, 1e15))
    switch unit {
    case .bytes: return ByteCountFormat.text(whole) + "/s"
    case .spans: return NumberFormat.grouped(Int(whole)) + " spans/s"
    case .pages: return NumberFormat.grouped(Int(whole)) + " pages/s"
    }
  }

  /// `0:07`, `1:02:03`.
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 359_999))
    let parts = whole >= 3_600 ? [whole / 3_600, whole / 60 % 60, whole % 60] : [whole / 60, whole % 60]
    return parts.enumerated().map { $0.offset > 0 && $0.element < 10 ? "0\($0.element)" : "\($0.element)" }
      .joined(separator: ":")
  }
}

/// The line at the foot of the terminal, which gives way to messages.
enum TerminalLine {
  private static let isDrawn = Mutex(false)
  /// To the beginning of the line, and clear the rest of it.
  private static let takeBack = "\r\u{1b}[K"

  /// Shows a text in place of the one before it; what does not fit the width is cut off by the terminal.
  static func draw(_ text: String) {
    isDrawn.withLock { isDrawn in
      write(takeBack + "\u{1b}[?7l" + text + "\u{1b}[?7h")
      isDrawn = true
    }
  }

  /// Takes the text back.
  static func clear() { say("") }

  /// Writes a message above the line.
  static func say(_ message: String) {
    isDrawn.withLock { isDrawn in
      let text = (isDrawn ? takeBack : "") + message
      isDrawn = false
      if !text.isEmpty { write(text) }
    }
  }

  private static func write(_ text: String) {
    // Nothing can be done when even this fails.
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
