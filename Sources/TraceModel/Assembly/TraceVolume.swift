/// How much there is of some traces, as read: known without putting them together.
package struct TraceVolume: Sendable, Equatable {
  /// Their spans.
  package var spans = 0
  /// The bytes of the records of their spans, as far as they are known.
  package var bytes = 0
  /// The attributes of their resources, each resource counted once.
  package var resourceAttributes = 0
}

extension TraceWalk {
  /// Measures traces; those that are not there, or take no part, count for nothing.
  ///
  /// - Complexity: O(spans of the traces).
  package func volume(of ids: some Sequence<TraceID>) -> TraceVolume {
    var volume = TraceVolume()
    var resources: Set<UInt32> = []
    for id in ids {
      guard let group = group(of: id) else { continue }
      for place in partitions.places(of: group) {
        let record = store.record(at: place)
        volume.spans += 1
        volume.bytes += Int(record.byteCount)
        if resources.insert(record.resource).inserted {
          volume.resourceAttributes += Int(store.resource(at: record.resource).attributeCount)
        }
      }
    }
    return volume
  }
}
