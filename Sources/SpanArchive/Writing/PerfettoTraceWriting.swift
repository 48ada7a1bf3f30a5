import TraceModel

/// Traces in the trace event format, which the viewers of Perfetto and Chrome open.
///
///     process   = service
///     thread    = lane of it: a span lies on its parent's lane, inside it, or on one that is free
///     slice (X) = span, instant (i) = event, flow (s, f) = call from one service to another
///
/// Times are the repaired ones, since a picture must nest, in microseconds since the start of the first trace: since 1970
/// they would be more than a viewer's numbers hold. That start is a metadata event, `trace_origin`; what was reported is
/// among the arguments. The form has no links, so they are arguments, too.
/// Source: "Trace Event Format", the Chromium project.
struct PerfettoTraceWriting: TraceWriting {
  static let frame = TraceArchiveFrame(
    head: "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", separator: ",\n", tail: "\n]}\n")

  private struct Process {
    var number: Int
    var lanes = PerfettoLanes()
  }

  private let store: SpanStore
  private let arguments: PerfettoArguments
  private var processes: [Symbol: Process] = [:]
  /// Processes and threads have different numbers: a thread with its process's number is its main thread.
  private var lastNumber = 0
  private var origin: UnixNanoseconds?
  private var flows = 0

  init(store: SpanStore) {
    self.store = store
    arguments = PerfettoArguments(store: store)
  }

  mutating func append(_ trace: Trace, to writer: inout JSONWriter) {
    if origin == nil {
      origin = trace.start
      appendMetadata("trace_origin", process: 0, thread: nil, to: &writer) { writer in
        writer.key("startUnixNano")
        writer.decimalText(trace.start.rawValue)
      }
    }
    // Outer slices must come before those within them.
    let order = trace.spans.indices.sorted { left, right in
      let (one, other) = (trace.spans[left], trace.spans[right])
      if one.start != other.start { return one.start < other.start }
      return one.end != other.end ? one.end > other.end : left < right
    }
    var threads = Array(repeating: -1, count: trace.spans.count)
    // The spans that are open on each lane, innermost last.
    var open: [Int: [Int]] = [:]
    for place in order {
      let thread = thread(for: place, in: trace, threads, &open, to: &writer)
      threads[place] = thread
      append(place, of: trace, thread: thread, threads, to: &writer)
      writer.endPiece()
    }
    flows += trace.spans.count
  }

  // MARK: Lanes

  private mutating func thread(
    for place: Int, in trace: Trace, _ threads: [Int], _ open: inout [Int: [Int]],
    to writer: inout JSONWriter
  ) -> Int {
    let span = trace.spans[place]
    if span.parent >= 0 {
      let parent = Int(span.parent)
      let (thread, above) = (threads[parent], trace.spans[parent])
      if thread >= 0, above.service == span.service, above.start <= span.start, above.end >= span.end {
        while let last = open[thread]?.last, last != parent, trace.spans[last].end <= span.start {
          open[thread]?.removeLast()
        }
        if open[thread]?.last == parent {
          open[thread]?.append(place)
          return thread
        }
      }
    }
    let thread = freeThread(of: span, to: &writer)
    open[thread] = [place]
    return thread
  }

  private mutating func freeThread(of span: TraceSpan, to writer: inout JSONWriter) -> Int {
    var process = processes[span.service] ?? begin(span.service, to: &writer)
    defer { processes[span.service] = process }
    if let thread = process.lanes.reuse(from: span.start.rawValue, to: span.end.rawValue) { return thread }
    lastNumber += 1
    process.lanes.add(lastNumber, to: span.end.rawValue)
    let name = "lane \(process.lanes.count)"
    appendMetadata("thread_name", process: process.number, thread: lastNumber, to: &writer) { writer in
      writer.key("name")
      writer.string(name)
    }
    return lastNumber
  }

  private mutating func begin(_ service: Symbol, to writer: inout JSONWriter) -> Process {
    lastNumber += 1
    appendMetadata("process_name", process: lastNumber, thread: nil, to: &writer) { writer in
      writer.key("name")
      if service.isEmpty {
        writer.string("(no service)")
      } else {
        writer.string(store.symbols.bytes(service))
      }
    }
    return Process(number: lastNumber)
  }

  // MARK: Events

  private func appendMetadata(
    _ name: StaticString, process: Int, thread: Int?, to writer: inout JSONWriter,
    _ arguments: (inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.key("ph")
      writer.string("M")
      writer.key("name")
      writer.string(name.description)
      writer.key("pid")
      writer.integer(process)
      if let thread {
        writer.key("tid")
        writer.integer(thread)
      }
      writer.key("args")
      writer.object(arguments)
    }
  }

  private func append(
    _ place: Int, of trace: Trace, thread: Int, _ threads: [Int], to writer: inout JSONWriter
  ) {
    let span = trace.spans[place]
    begin("X", span, thread, at: span.start, to: &writer) { writer in
      writer.key("dur")
      appendMicroseconds(span.duration, to: &writer)
      writer.key("name")
      writer.string(store.symbols.bytes(span.record.name))
      writer.key("cat")
      writer.string(span.record.kind.name.lowercased() + (span.isError ? ",error" : ""))
      if span.isError {
        writer.key("cname")
        writer.string("terrible")
      }
      arguments.append(of: span, in: trace, to: &writer)
    }
    appendFlows(of: place, in: trace, thread, threads, to: &writer)
    for event in trace.events(of: span, in: store) {
      let time = event.time == .unknown ? span.start : event.time + span.adjustedBy
      begin("i", span, thread, at: time, to: &writer) { writer in
        writer.key("s")
        writer.string("t")
        writer.key("name")
        writer.string(store.symbols.bytes(event.name))
        arguments.append(of: event, span.record, to: &writer)
      }
      writer.endPiece()
    }
  }

  /// An arrow from a span to each child in another service: it begins behind the slice, whose end it thereby is.
  private func appendFlows(
    of place: Int, in trace: Trace, _ thread: Int, _ threads: [Int], to writer: inout JSONWriter
  ) {
    let span = trace.spans[place]
    if span.parent >= 0, threads[Int(span.parent)] >= 0,
      trace.spans[Int(span.parent)].service != span.service
    {
      begin("f", span, thread, at: span.start, to: &writer) { writer in
        writer.key("bp")
        writer.string("e")
        nameFlow(to: place, &writer)
      }
    }
    for child in trace.children(of: place)
    where trace.spans[child].service != span.service && threads[child] < 0 {
      begin("s", span, thread, at: span.start, to: &writer) { nameFlow(to: child, &$0) }
    }
  }

  private func nameFlow(to child: Int, _ writer: inout JSONWriter) {
    writer.key("name")
    writer.string("call")
    writer.key("cat")
    writer.string("call")
    writer.key("id")
    writer.integer(flows + child)
  }

  private func begin(
    _ phase: StaticString, _ span: TraceSpan, _ thread: Int, at time: UnixNanoseconds,
    to writer: inout JSONWriter, _ rest: (inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.key("ph")
      writer.string(phase.description)
      writer.key("pid")
      writer.integer(processes[span.service]?.number ?? 0)
      writer.key("tid")
      writer.integer(thread)
      writer.key("ts")
      appendMicroseconds(max(.zero, time - (origin ?? time)), to: &writer)
      rest(&writer)
    }
  }

  /// Appends nanoseconds as microseconds with up to three decimals.
  private func appendMicroseconds(_ length: Nanoseconds, to writer: inout JSONWriter) {
    var text: [UInt8] = []
    DecimalDigits.append(length.rawValue / 1_000, to: &text)
    let rest = length.rawValue % 1_000
    if rest > 0 {
      text += [0x2e, UInt8(0x30 + rest / 100), UInt8(0x30 + rest / 10 % 10), UInt8(0x30 + rest % 10)]
    }
    writer.raw(text)
  }
}
