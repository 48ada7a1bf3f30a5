/// Begins to bring what a turn of a walk looks at from temporary files into memory, all at once.
///
///     spans        ░░▓▓░░░░▓░░░░░░░░▓▓░░      blocks of 48 KB with spans of the turn's traces
///     attributes   ░▓▓▓░░░░▓▓░░░░░░▓▓░░░      blocks of 32 KB with theirs
///
/// Traces are walked in the order of time and archives are written in it, so a turn's spans lie in few blocks, a handful
/// in each archive, and the next turn's in the same or the next ones. Where they lie anywhere, attributes are not fetched: their
/// places stand in the spans, and looking at those costs more than it saves.
struct TurnFetcher: ~Copyable {
  private static let spansOfBlock = 512
  private static let attributesOfBlock = 4_096

  /// The blocks of the turn that were fetched last, each at a place that its number determines.
  private var spanBlocks = [Int](repeating: -1, count: 256)
  private var attributeBlocks = [Int](repeating: -1, count: 256)

  init() {}

  /// Fetches the spans of the traces at some places of the order, and their attributes.
  mutating func fetch(_ turn: Range<Int>, of partitions: TracePartitions, _ store: SpanStore) {
    var fetched = 0
    for place in turn {
      for span in partitions.places(of: partitions.group(at: place)) {
        let block = span.row / Self.spansOfBlock
        guard Self.isNew(block, span.table, &spanBlocks) else { continue }
        fetched += 1
        let first = block * Self.spansOfBlock
        store.fetchSpans(first..<first + Self.spansOfBlock, of: span.table)
      }
    }
    for place in turn where fetched <= spanBlocks.count {
      for span in partitions.places(of: partitions.group(at: place)) {
        let block = Int(store.record(at: span).attributeStart) / Self.attributesOfBlock
        guard Self.isNew(block, span.table, &attributeBlocks) else { continue }
        store.shards[span.table].table.attributes.fetch(
          from: block * Self.attributesOfBlock, count: Self.attributesOfBlock)
      }
    }
    // What was fetched may have left memory when the next turn comes.
    for place in spanBlocks.indices { (spanBlocks[place], attributeBlocks[place]) = (-1, -1) }
  }

  private static func isNew(_ block: Int, _ table: Int, _ known: inout [Int]) -> Bool {
    let number = block << 16 | table
    let place = (block &* 31 &+ table) & (known.count - 1)
    if known[place] == number { return false }
    known[place] = number
    return true
  }
}
