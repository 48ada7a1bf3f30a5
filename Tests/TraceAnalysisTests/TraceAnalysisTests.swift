import Testing

@Suite struct TraceAnalysisTests {}
