import TraceModel

/// What a simulation keeps of traces: a row each, with ranges into the other columns.
struct TraceRows: ~Copyable {
  var traces = Column<SimulatedTrace>()
  var answers = Column<UInt64>()
  var spans = Column<SimulatedSpan>()
  var links = Column<Int32>()

  /// - Parameter space: where they go; nil for memory.
  init(in space: SpillSpace?) {
    guard let space else { return }
    traces.moveToFile(in: space)
    answers.moveToFile(in: space)
    spans.moveToFile(in: space)
    links.moveToFile(in: space)
  }

  /// Lets go of rows that lie in files.
  func leaveMemory() {
    traces.leaveMemory()
    answers.leaveMemory()
    spans.leaveMemory()
    links.leaveMemory()
  }
}
