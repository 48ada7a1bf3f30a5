import TraceModel

/// By how much the spans of one host were moved against those of another.
///
/// Hosts are put into words once for each resource and address, not once for each span.
struct HostPairCounter: ~Copyable {
  private struct HostKey: Hashable {
    var resource: UInt32
    var ipv4: Symbol
    var ipv6: Symbol
    var service: Symbol
  }

  private var labels: [HostKey: Symbol] = [:]
  /// By the numbers of both labels.
  private var index = KeyIndex()
  private var pairs: [HostPairRow] = []

  /// The most labels that are remembered.
  private static let labelLimit = 1 << 16

  /// The number of pairs.
  var count: Int { pairs.count }

  /// Counts a span that was moved; the note names the place it was measured against.
  mutating func count(
    _ note: TraceNote, _ trace: Trace, _ spans: Span<TraceSpan>, _ seen: inout Observed
  ) {
    let place = Int(note.span)
    let parent = Int(clamping: note.detail)
    guard parent < spans.count else { return }
    let host = label(of: spans[place], trace, &seen)
    let against = label(of: spans[parent], trace, &seen)
    let number = index.place(of: UInt64(host.index) << 32 | UInt64(against.index))
    if number == pairs.count { pairs.append(HostPairRow(host: host, against: against)) }
    if pairs[number].add(note.amount, trace.id, spans[place].record.spanID) { seen.wasChosen = true }
  }

  private mutating func label(of span: TraceSpan, _ trace: Trace, _ seen: inout Observed) -> Symbol {
    var key = HostKey(
      resource: span.record.resource, ipv4: .empty, ipv6: .empty, service: span.service)
    if span.record.presence.contains(.endpoints) || span.traits.contains(.fused) {
      let local = trace.endpoints(of: span, in: seen.store).local
      key.ipv4 = local.ipv4
      key.ipv6 = local.ipv6
    }
    // While hosts are counted, each time counts.
    if !seen.isCounting, let known = labels[key] { return known }
    if labels.count >= Self.labelLimit { labels.removeAll() }
    let symbol = seen.host(HostText.label(of: span, in: trace, seen.store), of: span.record.spanID, in: trace)
    labels[key] = symbol
    return symbol
  }

  func report(to digest: inout Digest) { digest.hostPairs += pairs }
}
