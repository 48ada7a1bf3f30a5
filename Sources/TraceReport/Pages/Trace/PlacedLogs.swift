import TraceModel

/// The log records of one trace, each on the span it was written in.
///
/// By the span id that a record names; without one, the deepest span of the record's service that was running at the
/// time, and marked so. A record moves with a span that was moved for clock skew.
struct PlacedLogs {
  struct Entry {
    var record: LogRecord
    /// The place of its span; nil when it is on none.
    var place: Int?
    /// The span was chosen by time and service.
    var isGuessed: Bool
    /// Its time on the clock of the page.
    var time: UnixNanoseconds
  }

  /// By time.
  private(set) var entries: [Entry] = []
  /// How many records the trace has, those not kept included.
  private(set) var count = 0
  private var byPlace: [Int: [Int]] = [:]

  /// Places nothing.
  init() {}

  init(_ logs: TraceLogs, in view: TraceView) {
    count = logs.count
    guard !logs.records.isEmpty else { return }
    var placesOfID: [SpanID: [Int]] = [:]
    var placesOfService: [Symbol: [Int]] = [:]
    for (place, span) in view.trace.spans.enumerated() {
      placesOfID[span.record.spanID, default: []].append(place)
      placesOfService[span.service, default: []].append(place)
    }
    entries = logs.records.map { record in
      // Texts of services are distinct, so symbols tell.
      let service = record.service.isEmpty ? Symbol.empty : view.store.symbols.find(record.service)
      let named = record.spanID.isAbsent ? nil : placesOfID[record.spanID]
      if let named {
        // Halves of a shared id are told apart by the service that wrote the record.
        let place =
          named.first { view.trace.spans[$0].service == service } ?? named[0]
        return Self.entry(record, place, isGuessed: false, view)
      }
      let place = Self.running(at: record.time, among: service.flatMap { placesOfService[$0] } ?? [], view)
      return Self.entry(record, place, isGuessed: place != nil, view)
    }
    entries.sort { left, right in
      left.time != right.time ? left.time < right.time : LogRecord.isEarlier(left.record, right.record)
    }
    for (number, entry) in entries.enumerated() {
      if let place = entry.place { byPlace[place, default: []].append(number) }
    }
  }

  private static func entry(_ record: LogRecord, _ place: Int?, isGuessed: Bool, _ view: TraceView) -> Entry {
    let shift = place.map { view.trace.spans[$0].adjustedBy } ?? .zero
    return Entry(record: record, place: place, isGuessed: isGuessed, time: record.time + shift)
  }

  /// The deepest span that was running, of equally deep ones the one that began last.
  private static func running(at time: UnixNanoseconds, among places: [Int], _ view: TraceView) -> Int? {
    let spans = view.trace.spans
    return places.filter {
      let moment = time + spans[$0].adjustedBy
      return spans[$0].start <= moment && moment <= spans[$0].end
    }.max { left, right in
      (spans[left].depth, spans[left].start, left) < (spans[right].depth, spans[right].start, right)
    }
  }

  /// The numbers of the entries of a span, by time.
  func entries(of place: Int) -> [Int] { byPlace[place] ?? [] }
}
