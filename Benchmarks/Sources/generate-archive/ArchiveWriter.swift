import Glibc

/// Collects spans in batches, one a service instance, and writes each full batch as a line of one of the files.
///
/// This is what a fleet of collectors leaves behind: a line holds spans of one instance, so the spans of a trace
/// are scattered over as many lines as it has services, and over several files.
struct ArchiveWriter {
  /// The spans of one instance that wait for their line, by instrumentation scope.
  private struct Batch {
    var scopes: [ByteBuffer] = (0..<scopeNames.count).map { _ in ByteBuffer() }
    var count = 0
    var limit: Int
    var resource: [UInt8]
    var file: Int
  }

  private static let scopeNames = ["http", "jdbc", "kafka-clients", "shop-rules"]

  private var batches: [[Batch]]
  private var files: [GzipFile] = []
  private var random: RandomSource
  private let line = ByteBuffer(capacity: 1 << 18)
  private(set) var jsonBytes = 0
  private(set) var lineCount = 0

  init(landscape: Landscape, options: Options) throws(GeneratorError) {
    random = RandomSource(seed: options.seed &+ 0xF11E)
    var sequence = 0
    var batches: [[Batch]] = []
    for service in landscape.services {
      var ofService: [Batch] = []
      for instance in service.instances {
        ofService.append(
          Batch(
            limit: 100 + random.below(101), resource: Self.resource(service, instance),
            file: sequence % options.files))
        sequence += 1
      }
      batches.append(ofService)
    }
    self.batches = batches
    try Self.makeFolder(options.output)
    for index in 0..<options.files {
      let number = String(index)
      let name =
        "spans-" + String(repeating: "0", count: max(0, 2 - number.utf8.count)) + number + ".jsonl.gz"
      files.append(try GzipFile(path: options.output + "/" + name))
    }
  }

  private static func makeFolder(_ path: String) throws(GeneratorError) {
    for end in path.indices.dropFirst() where path[end] == "/" { mkdir(String(path[..<end]), 0o755) }
    mkdir(path, 0o755)
    if access(path, W_OK) != 0 { throw .cannotWrite(path) }
  }

  private static func resource(_ service: Landscape.Service, _ instance: Landscape.Instance) -> [UInt8] {
    let attributes = [
      ("service.name", service.name), ("service.namespace", "shop"), ("service.version", service.version),
      ("service.instance.id", instance.id), ("deployment.environment.name", "production"),
      ("host.name", instance.host), ("k8s.namespace.name", "shop"), ("k8s.pod.name", instance.pod),
      ("telemetry.sdk.language", "java"), ("telemetry.sdk.name", "opentelemetry"),
      ("telemetry.sdk.version", "1.54.1"),
    ]
    let list = attributes.map { "{\"key\":\"\($0)\",\"value\":{\"stringValue\":\"\($1)\"}}" }
    return Array("{\"resourceSpans\":[{\"resource\":{\"attributes\":[\(list.joined(separator: ","))]}".utf8)
  }

  /// The buffer for the next span of an instance, with the comma before it written already.
  mutating func place(for span: PlannedSpan) -> ByteBuffer {
    let scope =
      switch span.role {
      case .server, .client, .outsideClient: 0
      case .query, .cache: 1
      case .producer, .consumer: 2
      case .compute: 3
      }
    batches[span.service][span.instance].count += 1
    let buffer = batches[span.service][span.instance].scopes[scope]
    if buffer.count > 0 { buffer.append(byte: 0x2C) }
    return buffer
  }

  /// Writes the instance's line if its batch is full.
  mutating func flushIfFull(service: Int, instance: Int) throws(GeneratorError) {
    if batches[service][instance].count >= batches[service][instance].limit {
      try flush(service: service, instance: instance)
      batches[service][instance].limit = 100 + random.below(101)
    }
  }

  /// Writes what is left and closes the files.
  mutating func finish() throws(GeneratorError) {
    for service in batches.indices {
      for instance in batches[service].indices where batches[service][instance].count > 0 {
        try flush(service: service, instance: instance)
      }
    }
    for file in files { try file.close() }
  }

  private mutating func flush(service: Int, instance: Int) throws(GeneratorError) {
    let batch = batches[service][instance]
    line.removeAll()
    line.append(batch.resource)
    line.append(",\"scopeSpans\":[")
    var isFirst = true
    for (index, spans) in batch.scopes.enumerated() where spans.count > 0 {
      if !isFirst { line.append(byte: 0x2C) }
      isFirst = false
      line.append("{\"scope\":{\"name\":\"io.opentelemetry.")
      line.append(Array(Self.scopeNames[index].utf8))
      line.append("\",\"version\":\"2.20.1-alpha\"},\"spans\":[")
      line.append(spans)
      line.append("]}")
      spans.removeAll()
    }
    line.append("],\"schemaUrl\":\"https://opentelemetry.io/schemas/1.37.0\"}]}\n")
    batches[service][instance].count = 0
    jsonBytes += line.count
    lineCount += 1
    try files[batch.file].write(line.bytes)
  }
}
