import Testing

@Suite struct TraceReportTests {}
