import Testing

@Suite struct TraceModelTests {}
