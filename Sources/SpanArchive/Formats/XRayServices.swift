import TraceModel

/// The services of X-Ray subsegments that stand alone: they name their parent, and only a segment names its service.
///
/// SDKs send what is done of a long segment before the segment itself. Until that is met its subsegments share a
/// resource without a service, which then becomes the segment's. Both tables are forgotten when they grow too large:
/// an archive that never sends segments takes no more memory for it, and has spans without a service.
///
/// - Complexity: O(1) a span.
struct XRayServices {
  private struct Key: Hashable {
    var traceID: TraceID
    var spanID: SpanID
  }

  /// The most ids that each table holds.
  private static let largest = 65_536
  /// The resources of spans, which may yet wait for their service.
  private var known: [Key: UInt32] = [:]
  /// The resources that wait for the span of an id.
  private var waiting: [Key: [UInt32]] = [:]
  /// The ids that these resources wait for.
  private var awaited: [UInt32: Key] = [:]

  /// Forgets everything, at the end of an archive.
  mutating func removeAll() {
    if !known.isEmpty { known.removeAll() }
    if !waiting.isEmpty { forgetWaiting() }
  }

  /// The resource of a subsegment that stands alone: that of its parent, or one that waits for it.
  mutating func resource(below span: SpanRecord, in table: inout SpanTable) -> UInt32 {
    guard !span.traceID.isAbsent, !span.parentSpanID.isAbsent else { return 0 }
    let parent = Key(traceID: span.traceID, spanID: span.parentSpanID)
    if let resource = known[parent] { return resource }
    if let resource = waiting[parent]?.first { return resource }
    if waiting.count >= Self.largest { forgetWaiting() }
    let resource = UInt32(truncatingIfNeeded: table.resources.count)
    table.resources.append(table.resources[0])
    wait([resource], for: parent)
    return resource
  }

  /// Takes note of a span that has its resource: what waits for it gets the same, or waits for what it waits for.
  mutating func note(_ span: SpanRecord, in table: inout SpanTable) {
    let key = Key(traceID: span.traceID, spanID: span.spanID)
    if !waiting.isEmpty, let followers = waiting.removeValue(forKey: key) {
      if let parent = awaited[span.resource] {
        wait(followers, for: parent)
      } else {
        for place in followers { settle(place, as: span.resource, in: &table) }
      }
    }
    if known.count >= Self.largest { known.removeAll() }
    known[key] = span.resource
  }

  private mutating func wait(_ places: [UInt32], for key: Key) {
    for place in places { awaited[place] = key }
    waiting[key, default: []].append(contentsOf: places)
  }

  private mutating func settle(_ place: UInt32, as resource: UInt32, in table: inout SpanTable) {
    table.resources[Int(place)] = table.resources[Int(resource)]
    awaited[place] = nil
  }

  private mutating func forgetWaiting() {
    waiting.removeAll()
    awaited.removeAll()
  }
}
