import TestSupport
import Testing
import TraceModel

@Suite("Rows of spans")
struct SpanRecordTests {
  @Test("a span takes 96 bytes, its extra fields 32 more")
  func sizes() {
    #expect(MemoryLayout<SpanRecord>.stride == 96)
    #expect(MemoryLayout<SpanRecord>.alignment == 8)
    #expect(MemoryLayout<ExtraFields>.stride == 32)
  }

  @Test("what shares a byte does not disturb one another", arguments: SpanKind.allCases)
  func packed(_ kind: SpanKind) {
    let statuses: [SpanStatus] = [.unset, .ok, .error]
    for (reported, status) in statuses.flatMap({ one in statuses.map { (one, $0) } }) {
      for hasDatabase in [false, true] {
        var record = SpanRecord()
        // All bits are set first: each setter must clear those of its own.
        (record.kind, record.reportedStatus, record.status) = (.consumer, .error, .error)
        record.hasDatabase = true
        record.hasDatabase = hasDatabase
        record.status = status
        record.reportedStatus = reported
        record.kind = kind
        #expect(record.kind == kind)
        #expect(record.reportedStatus == reported)
        #expect(record.status == status)
        #expect(record.hasDatabase == hasDatabase)
      }
    }
  }

  private func fields(_ change: (inout ExtraFields) -> Void) -> ExtraFields {
    var fields = ExtraFields()
    change(&fields)
    return fields
  }

  @Test("a span without extra fields takes no row, and those that follow one another with the same share one")
  func sharedRows() {
    var table = SpanTable(number: 0)
    var record = SpanRecord()
    // Where events would begin says nothing when there are none.
    table.setExtraFields(fields { $0.eventStart = 7 }, of: &record)
    #expect(record.extra == 0)
    #expect(record.presence == [])
    let (first, second) = (Symbol(1), Symbol(2))
    var places: [UInt32] = []
    for (state, start) in [(first, 0), (first, 4), (second, 0), (first, 0)] as [(Symbol, UInt32)] {
      table.setExtraFields(
        fields {
          $0.traceState = state
          $0.eventStart = start
        }, of: &record)
      #expect(record.presence == .traceState)
      #expect(table.extra[Int(record.extra)].traceState == state)
      places.append(record.extra)
    }
    #expect(places == [1, 1, 2, 3])
    table.setExtraFields(ExtraFields(), of: &record)
    #expect(record.extra == 0)
    #expect(record.presence == [])
  }

  @Test("presence names what a row holds, one thing at a time")
  func presence() {
    let symbol = Symbol(1)
    #expect(fields { $0.statusMessage = symbol }.presence == .statusMessage)
    #expect(fields { $0.traceState = symbol }.presence == .traceState)
    #expect(fields { $0.eventCount = 1 }.presence == .events)
    #expect(fields { $0.linkCount = 1 }.presence == .links)
    #expect(fields { $0.endpoints = 1 }.presence == .endpoints)
    #expect(fields { $0.rare = 1 }.presence == .rare)
    for one in [
      fields { $0.statusMessage = symbol }, fields { $0.traceState = symbol }, fields { $0.eventCount = 1 },
      fields { $0.linkCount = 1 }, fields { $0.endpoints = 1 }, fields { $0.rare = 1 },
    ] {
      #expect(!one.isEmpty)
    }
  }

  @Test("rows are taken back with the span that they belong to")
  func takenBack() {
    var table = SpanTable(number: 0)
    var record = SpanRecord()
    table.setExtraFields(fields { $0.traceState = Symbol(1) }, of: &record)
    table.append(record)
    let mark = table.mark
    table.setExtraFields(fields { $0.traceState = Symbol(2) }, of: &record)
    table.append(record)
    table.rollBack(to: mark)
    #expect(table.spans.count == 1)
    #expect(table.extra.count == 2)
    #expect(table.extra[Int(table.spans[0].extra)].traceState == Symbol(1))
  }

  @Test("messages and trace states are the same texts whatever reader met them, in memory or in files")
  func texts() throws {
    let drafts = (0..<600).map { number in
      SpanDraft(UInt64(number + 1), TraceBuilder.origin, TraceBuilder.origin + 5).with {
        $0.name = "operation \(number)"
        // Some have both, some one, some none; neighbours share their rows.
        if number % 3 > 0 { $0.traceState = "ot=th:\(number / 60)" }
        if number % 5 == 0 { $0.statusMessage = "message \(number)" }
        if number % 7 == 0 { $0.events = [(4, "event \(number)")] }
      }
    }
    let folder = try TemporaryFolder()
    for store in [
      SpanStore.of(drafts, readers: 3),
      SpanStore.spilled(drafts, readers: 3, in: SpillSpace(folder: folder.path, budget: 1 << 20)),
    ] {
      let trace = AssembledTrace(store).trace
      #expect(trace.spans.count == drafts.count)
      for span in trace.spans {
        let draft = drafts[Int(span.record.spanID.rawValue) - 1]
        #expect(store.symbols.text(trace.traceState(of: span, in: store)) == draft.traceState)
        #expect(store.symbols.text(trace.statusMessage(of: span, in: store)) == draft.statusMessage)
        let events = trace.events(of: span, in: store).map { store.symbols.text($0.name) }
        #expect(events == draft.events.map(\.name))
      }
    }
  }
}
