/// One log record that names a trace.
package struct LogRecord: Sendable, Equatable {
  /// A further field, as text.
  package struct Field: Sendable, Equatable {
    /// Its name; parts of nested objects are joined by dots.
    package var key: String
    /// Its value.
    package var value: String

    /// Makes a field of its parts.
    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The id of its trace; the high half is 0 when only 64 bits were written.
  package var traceID = TraceID.absent
  /// The id of its span; absent when it names none.
  package var spanID = SpanID.absent
  /// When it was written.
  package var time = UnixNanoseconds.unknown
  /// How serious it is.
  package var severity = LogSeverity.unspecified
  /// The service that wrote it; empty when it does not say.
  package var service = ""
  /// What it says.
  package var message = ""
  /// What else it holds, in its order.
  package var fields: [Field] = []
  /// The archive it was read from, by its place in the order of paths.
  package var archive = 0
  /// Where it begins in its inflated archive.
  package var offset: UInt64 = 0

  /// Makes a record in which nothing is known.
  package init() {}

  /// About the memory it takes, in bytes.
  package var byteCount: Int {
    fields.reduce(200 + service.utf8.count + message.utf8.count) {
      $0 + 64 + $1.key.utf8.count + $1.value.utf8.count
    }
  }

  /// By time, then where it was read.
  package static func isEarlier(_ left: LogRecord, _ right: LogRecord) -> Bool {
    if left.time != right.time { return left.time < right.time }
    return (left.archive, left.offset) < (right.archive, right.offset)
  }
}
