import Testing

@Suite struct SpanArchiveTests {}
