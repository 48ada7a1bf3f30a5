/// What the fuzzer begins with: pieces of the samples, and what is kept in `Tests/Fuzz`.
package enum FuzzSeeds {
  /// Where inputs of a target are kept: seeds, and findings that were mended.
  package static func kept(_ target: FuzzTarget) -> [String] {
    ["seeds", "findings"].flatMap { folder in
      let path = Repository.path("Tests/Fuzz/\(folder)/\(target.rawValue)")
      return Files.names(in: path).map { path + "/" + $0 }
    }
  }

  /// Kept inputs and pieces of samples, the latter with a name each.
  package static func all(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let kept = try kept(target).map { (String($0.split(separator: "/").last ?? ""), try Files.read($0)) }
    return try kept + pieces(of: target)
  }

  /// Writes the pieces of samples into a folder for each target.
  package static func write(into folder: String) throws {
    for target in FuzzTarget.allCases {
      for (name, bytes) in try pieces(of: target) {
        try Files.write(bytes, to: "\(folder)/\(target.rawValue)/\(name)")
      }
    }
  }

  /// A whole sample is too long to be changed usefully.
  private static let pieceBytes = 4_000

  private static let samples: [(target: FuzzTarget, name: String)] = [
    (.otlpJSON, "shop-otlp.jsonl.gz"), (.otlpProto, "shop-otlp.binpb.gz"),
    (.jaegerJSON, "shop-jaeger.json.gz"),
    (.jaegerElasticsearch, "few-jaeger-elasticdump.jsonl.gz"),
    (.jaegerProtoJSON, "few-jaeger-kafka.jsonl.gz"),
    (.zipkinJSON, "shop-zipkin.json.gz"), (.zipkinV1, "few-zipkin-v1.json.gz"),
    (.zipkinProto, "few-zipkin.pb.gz"), (.native, "shop-native.jsonl.gz"),
    (.xray, "few-xray-daemon.jsonl.gz"), (.xray, "few-xray-batch-get-traces.json.gz"),
    (.datadog, "few-datadog.json.gz"), (.datadog, "few-datadog-log.jsonl.gz"),
    (.tempo, "tempo-block-meta.json.gz"), (.tempo, "tempo-index.json.gz"),
    (.otlpJSON, "few-jaeger-api-v3.json.gz"), (.otlpJSON, "few-tempo-api.json.gz"),
    (.logs, "../shop/logs/shop-logs.jsonl.gz"),
  ]

  private static func pieces(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    switch target {
    case .inflation: return try packed()
    case .archive, .memory:
      // One of each format, and one of each kind of packing.
      return try FuzzTarget.allCases.filter { $0.isFormat || $0 == .inflation }.flatMap { other in
        try (pieces(of: other) + kept(other).map { ("kept", try Files.read($0)) }).enumerated().map {
          ("\(other.rawValue)-\($0)", $1.bytes)
        }
      }
    case .policy:
      return try ["samples/collector", "samples/plan"].flatMap { folder in
        try Files.names(in: Repository.path(folder)).filter { $0.hasSuffix(".yaml") }.map {
          ($0, try Files.read(Repository.path("\(folder)/\($0)")))
        }
      }
    default:
      return try samples.filter { $0.target == target }.map { _, name in
        let packed = try Files.read(Repository.path("samples/formats/\(name)"))
        return (
          String(name.split(separator: "/").last ?? ""), try Gzip.decompress(packed, atMost: pieceBytes)
        )
      }
    }
  }

  private static func packed() throws -> [(name: String, bytes: [UInt8])] {
    let piece = try pieces(of: .otlpJSON).flatMap { $0.bytes.prefix(3_000) }
    let gzip = Gzip.compress(piece)
    let zstd = try Files.read(Repository.path("samples/formats/few-otlp-collector.proto.zst"))
    return [
      ("gzip", gzip), ("gzip-twice", Gzip.compress(gzip)), ("members", gzip + gzip),
      ("zstd", Array(zstd.prefix(6_000))),
    ]
  }
}
