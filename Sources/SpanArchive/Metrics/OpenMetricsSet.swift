package import TraceModel

/// Reads files of OpenMetrics text for exemplars of chosen traces.
package struct OpenMetricsSet: Sendable {
  /// The files in the order of the result.
  package let inputs: [ArchiveInput]
  /// How much a reader takes.
  package let limits: ReadingLimits

  /// Makes a set of files wherever their bytes are.
  package init(inputs: [ArchiveInput], limits: ReadingLimits = ReadingLimits()) {
    self.inputs = inputs
    self.limits = limits
  }

  /// Reads all files and joins their exemplars to the targets.
  ///
  /// - Complexity: O(bytes), in bounded memory.
  package func read(targets: LogTargets) -> CorrelatedMetrics {
    var metrics = CorrelatedMetrics()
    let pool = BufferPool()
    for input in inputs {
      var file = CorrelatedMetrics.File(path: input.path)
      switch UnpackedArchive.open(input, pool: pool, limits: limits) {
      case .refused(let sentence): file.error = sentence
      case .opened(let source, let head):
        if !head.contains(0) {
          read(ByteWindow(source, limits: limits, pool: pool), targets, &file, &metrics)
        } else {
          file.error = "no text: metrics are read as OpenMetrics text"
        }
      }
      metrics.files.append(file)
    }
    metrics.kept.sort(by: MetricExemplar.isOrdered)
    return metrics
  }

  private func read(
    _ opened: consuming ByteWindow, _ targets: LogTargets, _ file: inout CorrelatedMetrics.File,
    _ metrics: inout CorrelatedMetrics
  ) {
    var window = opened
    repeat {
      var isEnded = false
      while !isEnded {
        guard let end = endOfLine(&window, &isEnded) else { break }
        let line = Array(
          UnsafeBufferPointer(start: window.memory + window.position, count: end - window.position))
        window.position = min(end + 1, window.end)
        note(line[...], targets, &file, &metrics)
      }
      if let damage = window.damage, file.error == nil { file.error = damage.message }
    } while window.resumeBehindGap()
  }

  /// Where the line at the position ends; the last one may end with the file. Nil when there is none.
  private func endOfLine(_ window: inout ByteWindow, _ isEnded: inout Bool) -> Int? {
    while true {
      if let newline = window.nextNewline { return newline }
      switch window.fill() {
      case .grew: continue
      case .full:
        // No line of metrics is that long: it is passed over piece by piece.
        window.position = window.end
      case .atEnd:
        isEnded = true
        return window.count > 0 ? window.end : nil
      }
    }
  }

  private func note(
    _ line: ArraySlice<UInt8>, _ targets: LogTargets, _ file: inout CorrelatedMetrics.File,
    _ metrics: inout CorrelatedMetrics
  ) {
    guard line.count < 1 << 20, let sample = OpenMetricsLine.read(line) else { return }
    file.samples += 1
    guard var exemplar = sample.exemplar else { return }
    metrics.count += 1
    switch targets.match(exemplar.traceID) {
    case .wanted(let id):
      exemplar.traceID = id
      if metrics.kept.count < CorrelatedMetrics.mostKept { metrics.kept.append(exemplar) }
    case .known, .ambiguous: metrics.otherTraces += 1
    case .unknown:
      metrics.absentCount += 1
      if metrics.absent.count < CorrelatedMetrics.mostAbsent { metrics.absent.append(exemplar) }
    }
  }
}
