import TestSupport
import Testing

@testable import TraceAnalysis

@Suite("Configuration in YAML")
struct ConfigurationTests {
  private func read(_ text: String) throws -> ConfigurationNode? { try YAMLReader.read(Array(text.utf8)) }

  private func problem(_ text: String) -> String {
    do {
      _ = try read(text)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test("every node knows its line and column")
  func places() throws {
    let root = try #require(try read("a: 1\nb:\n  - x\n  - {c: \"2\"}\n"))
    #expect(root["a"]?.value == .scalar("1", isPlain: true))
    guard case .sequence(let items) = root["b"]?.value else { throw TestFailure("b is no list") }
    #expect(items[1].place == ConfigurationPlace(line: 4, column: 5))
    #expect(items[1]["c"]?.value == .scalar("2", isPlain: false))
  }

  @Test("JSON is read, too")
  func json() throws {
    let root = try #require(try read("{\"a\": [1, true, null]}"))
    guard case .sequence(let items) = root["a"]?.value else { throw TestFailure("a is no list") }
    #expect(items.map(\.isNull) == [false, false, true])
  }

  @Test("aliases repeat what their anchor holds")
  func aliases() throws {
    let root = try #require(try read("a: &x {k: v}\nb: *x\n"))
    #expect(root["b"]?["k"]?.value == root["a"]?["k"]?.value)
  }

  @Test("depth is bounded, however the levels are written")
  func depth() {
    #expect(problem(String(repeating: "[", count: 200_000)).contains("deeper than 64"))
    #expect(problem(String(repeating: "- ", count: 50_000)).contains("deeper than 64"))
    let blocks = (0..<1_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(problem(blocks).contains("deeper than 64"))
  }

  @Test("a few lines of aliases cannot stand for a billion values")
  func aliasBomb() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1..<12 {
      let row = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      text += "a\(level): &a\(level) [\(row)]\n"
    }
    #expect(problem(text).contains("counted with what aliases repeat"))
    #expect(problem("a: &a [*a]").contains("names no anchor above it"))
  }

  @Test("keys are texts and stand once; one document is read")
  func structure() {
    #expect(problem("a: 1\na: 2\n").contains("line 2, column 1: the key \"a\" stands here a second time"))
    #expect(problem("? [a, b]\n: 1\n").contains("a key is a text"))
    #expect(problem("a: 1\n---\nb: 2\n").contains("a second one"))
    #expect(problem("a: [1, 2\nb: 3").contains("this is no YAML"))
    #expect(problem("a: \u{1}").contains("this is no YAML"))
  }

  @Test("bytes that are no YAML never trap")
  func noise() {
    var random = SeededGenerator(seed: 6)
    let text = Array("plan:\n  a: &x [1, \"b\", {c: *x}]\n  d: |\n    e\n  ? f\n  : g\n".utf8)
    for _ in 0..<2_000 {
      var bytes = text
      for _ in 0..<Int(random.next() % 4 + 1) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      bytes.removeLast(Int(random.next() % 8))
      _ = try? CollectorPolicyReader.read(bytes)
      _ = try? PlanConfigurationReader.read(bytes)
    }
  }

  @Test("numbers that fit nothing are told, not trapped on")
  func hugeNumbers() {
    for number in ["1e400", "99999999999999999999", "-1", "nan", ".inf", "0x1ffffffffffffffff", "1e18"] {
      let plan =
        "plan: {traffic: {requests_per_second: \(number), spans_per_request: 1e18, bytes_per_span: 1e18}}"
      if let configuration = try? PlanConfigurationReader.read(Array(plan.utf8)) {
        #expect(!CapacityPlan(configuration).sections.isEmpty)
      }
      for field in [
        "latency: {threshold_ms: \(number)}",
        "rate_limiting: {spans_per_second: \(number), burst_capacity: \(number)}",
        "probabilistic: {sampling_percentage: \(number)}", "span_count: {min_spans: \(number)}",
      ] {
        let type = field.prefix { $0 != ":" }
        let policy = "tail_sampling: {policies: [{name: a, type: \(type), \(field)}]}"
        _ = try? CollectorPolicyReader.read(Array(policy.utf8))
      }
    }
  }

  @Test(
    "errors of policies name their place",
    arguments: [
      ("tail_sampling: {}", "needs the field policies"),
      (
        "tail_sampling: {policies: [{name: a, type: latency, latency: {treshold_ms: 5}}]}",
        "has no field \"treshold_ms\""
      ),
      (
        "tail_sampling: {policies: [{name: a, type: always_sample}, {name: a, type: always_sample}]}",
        "two policies are named \"a\""
      ),
      ("tail_sampling: {policies: [{name: a, type: lat}]}", "nobody knows the type \"lat\""),
      ("receivers: {}", "neither tail_sampling nor probabilistic_sampler"),
      (
        "tail_sampling: {policies: [{name: a, type: string_attribute, string_attribute: {key: k, values: ['(?=x)'], enabled_regex_matching: true}}]}",
        "which is not supported"
      ),
    ])
  func policyErrors(_ text: String, _ wanted: String) {
    do {
      _ = try CollectorPolicyReader.read(Array(text.utf8))
      Issue.record("\(text) was read")
    } catch {
      #expect("\(error)".contains(wanted), "\(error)")
    }
  }
}
