import TraceModel

extension Concluder {
  /// Shapes of calls, largest saving first.
  func patterns() -> [PatternResult] {
    digest.patterns.map(pattern).sorted {
      if $0.saving != $1.saving { return $0.saving > $1.saving }
      let left = [
        $0.kind.rawValue, $0.entryService, $0.entryOperation, $0.service, $0.operation, $0.childOperation,
      ]
      let right = [
        $1.kind.rawValue, $1.entryService, $1.entryOperation, $1.service, $1.operation, $1.childOperation,
      ]
      return left.lexicographicallyPrecedes(right)
    }
  }

  private func pattern(_ row: PatternRow) -> PatternResult {
    let entry = digest.entryPoints[Int(row.entryPoint)]
    let parent = digest.operations[Int(row.operation)]
    var result = PatternResult()
    result.kind = Self.kind(row.kind)
    result.entryService = name(entry.service)
    result.entryOperation = name(entry.operation)
    result.service = name(parent.service)
    result.operation = name(parent.name)
    if row.kind == .repeated || row.kind == .retry {
      let child = digest.operations[Int(row.child)]
      result.childService = name(child.service)
      result.childOperation = name(child.name)
      result.mostChildren = Int(row.example.value)
    }
    result.traceCount = row.traces
    result.requestCount = entry.durations.count
    result.parentCount = row.parents
    result.meanChildren = Double(row.children) / Double(max(row.parents, 1))
    result.isSequential = row.inSequence * 10 >= row.parents * 9
    result.time = Nanoseconds(row.time)
    result.saving = Nanoseconds(row.saving)
    result.savingShare = min(Self.share(row.saving, of: entry.durations.sum), 1)
    result.evidence = row.example.evidence
    return result
  }

  private static func kind(_ kind: PatternRow.Kind) -> PatternKind {
    switch kind {
    case .repeated: .repeatedCalls
    case .retry: .retries
    case .gap: .gap
    case .sequential: .sequentialCalls
    }
  }
}
