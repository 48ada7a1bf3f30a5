import FoundationEssentials
import SpanArchive
import TestSupport
import Testing
import TraceAnalysis
import TraceModel

/// Decisions of the Collector's processors and of the SDKs' samplers, trace by trace.
@Suite(
  "Conformance: sampling",
  .enabled(if: ConformanceCase.isPresent, "the collection is not beside the repository"))
struct SamplingConformance {
  @Test("tail sampling", arguments: ConformanceCase.family("tail-sampling"))
  func tailSampling(_ test: ConformanceCase) throws {
    let words = test.command()
    let file = words.firstIndex(of: "--policy").map { words[$0 + 1] } ?? ""
    let found = try Self.decisions(test, [try Self.policy(test.folder + "/" + file)])
    let wanted = test.expect["decisions"].elements.map {
      "\($0["traceId"].text ?? "") \($0["decision"].text ?? "")"
    }
    #expect(found.map { "\($0.id) \($0.decision)" }.sorted() == wanted.sorted())
  }

  @Test("policies over many ids", arguments: cases("byPolicy"))
  func policies(_ test: ConformanceCase) throws {
    for row in test.expect["byPolicy"].elements {
      let file = row["policy"].text ?? ""
      let found = try Self.decisions(test, [try Self.policy(test.folder + "/" + file)])
      let compared = Set(row["compared"].elements.compactMap(\.text))
      let sampled = found.filter { $0.decision == "sampled" && compared.contains($0.id) }.map(\.id)
      #expect(sampled.sorted() == row["sampled"].elements.compactMap(\.text).sorted(), "\(file)")
      #expect(compared.isSubset(of: found.map(\.id)))
    }
  }

  @Test("head samplers", arguments: cases("bySampler"))
  func headSamplers(_ test: ConformanceCase) throws {
    let words = test.command()
    let samplers = words.indices.filter { words[$0] == "--sampler" }.map { words[$0 + 1] }
    let found = try Self.decisions(test, try samplers.map { try #require(SamplingPolicy.sampler($0)) })
    for row in test.expect["bySampler"].elements {
      let sampler = row["sampler"].text ?? ""
      let lines = found.filter { $0.policy == sampler }
      #expect(lines.count == test.expect["traces"].integer, "\(sampler)")
      let sampled = lines.filter { $0.decision == "sampled" }.map(\.id)
      #expect(sampled.sorted() == row["sampled"].elements.compactMap(\.text).sorted(), "\(sampler)")
    }
  }

  private static func cases(_ key: String) -> [ConformanceCase] {
    ConformanceCase.family("sampling-vectors").filter { $0.expect[key] != .null }
  }

  private struct Line {
    var id: String
    var decision: String
    var policy: String
  }

  private static func policy(_ path: String) throws -> SamplingPolicy {
    let data = try #require(FileManager.default.contents(atPath: path))
    return SamplingPolicy(name: "policy", kind: .collector(try CollectorPolicyReader.read(Array(data))))
  }

  private static func decisions(_ test: ConformanceCase, _ policies: [SamplingPolicy]) throws -> [Line] {
    let store = ArchiveSet(paths: [test.folder + "/input.jsonl"]).read(threads: 1)
    let walk = TraceWalk(store, options: AssemblyOptions(), threads: 1)
    var bytes: [UInt8] = []
    DecisionLines(SimulationInput(walk, policies: policies)).write { bytes += $0 }
    return try JSONValue.lines(bytes).map {
      Line(id: $0["traceId"].text ?? "", decision: $0["decision"].text ?? "", policy: $0["policy"].text ?? "")
    }
  }
}
