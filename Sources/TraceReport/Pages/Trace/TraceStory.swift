import TraceAnalysis
import TraceModel

/// What there is to say about one trace: its verdict, what follows from it, and its three numbers.
struct TraceStory {
  let sentence: String
  let lead: String
  let numbers: [KeyNumber]
  /// The span the verdict speaks of; its panel is open at first.
  let shownSpan: Int?

  init(_ view: TraceView, context: ReportContext) {
    let trace = view.trace
    let root = trace.spans[trace.primaryRoot]
    let operation = view.operation(of: trace.primaryRoot)
    let service = view.serviceName(of: trace.primaryRoot)
    let entry = context.conclusions.entryPoints.first { $0.service == service && $0.operation == operation }
    let top = view.pathByService().services.first
    let cause = view.firstRootCause
    let duration = UInt64(max(0, root.duration.rawValue))
    let name = operation.isEmpty ? "this request" : operation.cut(80)

    if let cause {
      sentence = Self.failure(view, cause: cause, name: name, rootFailed: root.isError)
      shownSpan = cause
    } else if let top, top.service != service, top.time >= root.duration - top.time, duration > 0 {
      sentence =
        "\(top.service) is the bottleneck of \(name): \(DurationFormat.text(top.time)) of "
        + "\(DurationFormat.text(duration))."
      shownSpan = Self.longestOnPath(view, service: top.service)
    } else {
      sentence = "\(name) took \(DurationFormat.text(duration)) and succeeded."
      shownSpan = nil
    }
    lead = Self.lead(view, entry: entry, top: top, duration: duration)
    numbers = Self.numbers(view, entry: entry, top: top, duration: duration)
  }

  private static func failure(_ view: TraceView, cause: Int, name: String, rootFailed: Bool) -> String {
    let service = view.serviceName(of: cause)
    let message = view.errorText(of: cause)
    let quoted = message.isEmpty ? "" : ": “" + message.cut(120) + "”"
    if cause == view.trace.primaryRoot { return "\(name) failed\(quoted)." }
    let callee = view.callee(of: cause).map { " → " + $0.cut(40) } ?? ""
    let origin = "\(service) · \(view.operation(of: cause).cut(60))\(callee)"
    return rootFailed
      ? "\(name) failed because \(origin) did\(quoted)."
      : "\(name) succeeded although \(origin) failed\(quoted)."
  }

  private static func longestOnPath(_ view: TraceView, service: String) -> Int? {
    let spans = view.trace.spans
    // Texts of services are distinct, so symbols tell.
    let wanted = service.isEmpty ? Symbol.empty : view.store.symbols.find(service)
    return spans.indices.filter { spans[$0].service == wanted }
      .max { spans[$0].criticalPathTime < spans[$1].criticalPathTime }
  }

  private static func lead(
    _ view: TraceView, entry: EntryPointResult?, top: (service: String, time: Nanoseconds)?, duration: UInt64
  ) -> String {
    var parts: [String] = []
    if let entry, entry.latency.count > 1, entry.latency.p50 > .zero {
      let p50 = UInt64(entry.latency.p50.rawValue)
      let place =
        duration > UInt64(max(0, entry.latency.p99.rawValue))
        ? "slower than p99, \(DurationFormat.text(entry.latency.p99))"
        : duration > UInt64(max(0, entry.latency.p95.rawValue))
          ? "slower than p95, \(DurationFormat.text(entry.latency.p95))"
          : duration > p50 ? "above the median" : "not above the median"
      parts.append(
        "It took \(DurationFormat.text(duration)): \(place); the median of "
          + "\(NumberFormat.counted(entry.latency.count, "request")) is \(DurationFormat.text(p50)).")
    }
    if let top {
      let share = PercentFormat.share(UInt64(max(0, top.time.rawValue)), of: max(duration, 1))
      parts.append("\(top.service) holds \(share) of its critical path.")
    }
    let after = view.trace.end - view.trace.spans[view.trace.primaryRoot].end
    if after > .zero, Double(after.rawValue) > 0.01 * view.length {
      parts.append("Work went on for \(DurationFormat.text(after)) after the response.")
    }
    return parts.joined(separator: " ")
  }

  private static func numbers(
    _ view: TraceView, entry: EntryPointResult?, top: (service: String, time: Nanoseconds)?, duration: UInt64
  ) -> [KeyNumber] {
    var numbers: [KeyNumber] = []
    if let entry, entry.latency.p50 > .zero {
      let times = NumberFormat.significant(duration, per: UInt64(entry.latency.p50.rawValue))
      numbers.append(
        KeyNumber(
          "Response time", duration: duration, strong: times + NumberFormat.space + "×",
          context: "the median, " + DurationFormat.text(entry.latency.p50)))
    } else {
      numbers.append(KeyNumber("Response time", duration: duration))
    }
    if let top {
      let share = PercentFormat.share(UInt64(max(0, top.time.rawValue)), of: max(duration, 1))
      let typical = entry?.profileByService.first { $0.service == top.service }
      numbers.append(
        KeyNumber(
          top.service + " on the critical path", duration: UInt64(max(0, top.time.rawValue)), strong: share,
          context: typical.map { "; on average " + DurationFormat.text($0.mean) } ?? "of the response time"))
    }
    let failed = view.trace.errorCount
    let causes = view.trace.spans.filter { $0.traits.contains(.rootCause) }.count
    numbers.append(
      KeyNumber(
        "Failed spans", NumberFormat.grouped(failed),
        strong: failed > 0 ? NumberFormat.counted(causes, "origin") : "",
        context: "of " + NumberFormat.counted(view.trace.spans.count, "span")))
    return numbers
  }
}
