import Dispatch
import Synchronization

/// Lends lines of an archive to threads that have no archive of their own left, so that a single large archive, or the
/// last one of many, is not read by one thread alone.
///
///     window   | own lines | lent lines | lent lines | rest of a line
///     reader     reads …     waits                     goes on behind them
///     helpers                reads …      reads …
///
/// Lent lines count only when they and all before them are plain: whole lines of one document each, without anything to
/// be said about them. Otherwise they are taken back and the reader reads them itself, so nothing depends on who helps.
final class LineSharing: Sendable {
  private struct State {
    var archivesLeft: Int
    /// Helpers that wait for lines, but for those that lines are under way to.
    var idle = 0
    var lent: [LentLines] = []
  }

  /// The most pieces that a window is cut into besides the reader's own.
  static let mostHelpers = 3

  private let state: Mutex<State>
  private let available = DispatchSemaphore(value: 0)
  private let idleHint = Atomic(0)
  private let isHelped = Atomic(false)

  /// - Parameter archives: so many will be read.
  init(archives: Int) { state = Mutex(State(archivesLeft: archives)) }

  /// The number of helpers that wait, or did a moment ago: for one look at memory.
  @inline(__always)
  var idleHelpers: Int { idleHint.load(ordering: .relaxed) }

  /// True once there are helpers, idle or not.
  @inline(__always)
  var hasHelpers: Bool { isHelped.load(ordering: .relaxed) }

  /// Hands lines to a waiting helper; false when there is none.
  func lend(_ lines: LentLines) -> Bool {
    let isTaken = state.withLock { state in
      guard state.idle > 0 else { return false }
      setIdle(state.idle - 1, in: &state)
      state.lent.append(lines)
      return true
    }
    if isTaken { available.signal() }
    return isTaken
  }

  /// An archive is read.
  func finishArchive() { change { $0 - 1 } }

  /// No further archive is read, though some are left.
  func giveUp() { change { _ in 0 } }

  /// Sets how many archives are left; without any, helpers go.
  private func change(_ left: (Int) -> Int) {
    let waiting = state.withLock { state in
      state.archivesLeft = left(state.archivesLeft)
      guard state.archivesLeft <= 0 else { return 0 }
      defer { setIdle(0, in: &state) }
      return state.idle
    }
    for _ in 0..<waiting { available.signal() }
  }

  private func setIdle(_ count: Int, in state: inout State) {
    state.idle = count
    idleHint.store(count, ordering: .relaxed)
  }

  /// Helps until all archives are read. Every one of them must be in the hands of some thread by now: whoever helps
  /// reads none.
  func help(_ body: (LentLines) -> Void) {
    isHelped.store(true, ordering: .relaxed)
    while true {
      let isNeeded = state.withLock { state in
        guard state.archivesLeft > 0 else { return false }
        setIdle(state.idle + 1, in: &state)
        return true
      }
      guard isNeeded else { return }
      available.wait()
      // Woken for nothing, all archives are read.
      guard let lines = state.withLock({ $0.lent.isEmpty ? nil : $0.lent.removeFirst() }) else { return }
      body(lines)
    }
  }
}

/// Some lines of a window, which stays as it is until the reader has waited for them.
final class LentLines: @unchecked Sendable {
  let lines: PlainLines
  /// The archive that they are of.
  let archive: UInt32
  private let isRead = DispatchSemaphore(value: 0)
  private let isDecided = DispatchSemaphore(value: 0)
  // Each is written by one side before it signals, and read by the other after it has waited.
  private var spans: Int?
  private var counts = false

  init(_ lines: PlainLines, of archive: UInt32) {
    self.lines = lines
    self.archive = archive
  }

  /// Reads the lines on behalf of the reader, waits whether they count, and takes them back if not.
  func read(into sink: inout SpanSink) {
    sink.begin(archive, path: "")
    let mark = sink.mark
    let isWhole = lines.read(into: &sink) == lines.range.upperBound
    let isPlain = sink.summary.diagnostics.isEmpty && sink.summary.error == nil
    spans = isWhole && isPlain ? sink.summary.spansRead : nil
    isRead.signal()
    isDecided.wait()
    guard counts else { return sink.rollBack(to: mark) }
    sink.settleRecord()
  }

  /// How many spans were read; nil when there is a line that is not plain. `decide` must follow.
  func wait() -> Int? {
    isRead.wait()
    return spans
  }

  /// Says whether the lines count.
  func decide(_ counts: Bool) {
    self.counts = counts
    isDecided.signal()
  }
}
