/// The names of formats as `report.json` prints them.
enum FormatLabel: UInt8, CaseIterable {
  case otlpJSON
  case otlpProto
  case jaegerJSON
  case jaegerProtoJSON
  case jaegerElasticsearch
  case zipkinJSON
  case zipkinV1JSON
  case zipkinProto
  case nativeJSON
  case xrayJSON
  case datadogJSON
  case tempoMeta

  /// The printed name.
  var text: String {
    switch self {
    case .otlpJSON: "otlp-json"
    case .otlpProto: "otlp-proto"
    case .jaegerJSON: "jaeger-json"
    case .jaegerProtoJSON: "jaeger-proto-json"
    case .jaegerElasticsearch: "jaeger-es"
    case .zipkinJSON: "zipkin-json"
    case .zipkinV1JSON: "zipkin-v1-json"
    case .zipkinProto: "zipkin-proto"
    case .nativeJSON: "native-json"
    case .xrayJSON: "xray-json"
    case .datadogJSON: "datadog-json"
    case .tempoMeta: "tempo-meta"
    }
  }
}

/// Spans of one archive by format: plain numbers, so that they are remembered and taken back for nothing.
struct FormatCounts {
  private var counts = InlineArray<16, Int>(repeating: 0)
  /// The turn in which a format was met first, from 1; 0 for one not met.
  private var turns = InlineArray<16, UInt8>(repeating: 0)
  private var met: UInt8 = 0

  /// Remembers that a format was met, with or without spans.
  mutating func note(_ label: FormatLabel) {
    let place = Int(label.rawValue)
    guard turns[place] == 0 else { return }
    met += 1
    turns[place] = met
  }

  /// Counts spans of a format.
  mutating func add(_ spans: Int, of label: FormatLabel) {
    note(label)
    counts[Int(label.rawValue)] += spans
  }

  /// The format that gave most spans, of several the one met first; nil when none was met.
  var most: FormatLabel? {
    FormatLabel.allCases.filter { turns[Int($0.rawValue)] > 0 }.max { left, right in
      let (leftPlace, rightPlace) = (Int(left.rawValue), Int(right.rawValue))
      return counts[leftPlace] != counts[rightPlace]
        ? counts[leftPlace] < counts[rightPlace] : turns[leftPlace] > turns[rightPlace]
    }
  }
}
