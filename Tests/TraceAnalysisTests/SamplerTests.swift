import TestSupport
import Testing
import TraceModel

@testable import TraceAnalysis

@Suite("Samplers")
struct SamplerTests {
  @Test("thresholds have the digits that the Collector's library gives them")
  func thresholds() {
    let rows: [(Double, [String])] = [
      (3, ["aab", "aaab", "aaaab"]), (5, ["ccd", "cccd", "ccccd"]), (10, ["e66", "e666", "e6666"]),
      (100, ["fd71", "fd70a", "fd70a4"]), (1_000, ["ffbe7", "ffbe77", "ffbe76d"]),
      (10_000, ["fff972", "fff9724", "fff97247"]), (1_000_000, ["ffffef4", "ffffef39", "ffffef391"]),
      (2, ["8", "8", "8"]), (4, ["c", "c", "c"]), (16, ["f", "f", "f"]),
    ]
    for (count, texts) in rows {
      for (place, text) in texts.enumerated() {
        #expect(Threshold.text(Threshold.of(1 / count, digits: 3 + place)) == text, "1 in \(count)")
      }
    }
    #expect(Threshold.weight(0) == 1)
    #expect((Threshold.weight(Threshold.of(0.1, digits: 4)) - 9.999_389_685_688_13).magnitude < 1e-12)
  }

  @Test("the bound of tail sampling's percentages is exact")
  func bounds() {
    #expect(CollectorHash.bound64(percentage: 10) == 1_844_674_407_370_955_263)
    #expect(CollectorHash.bound64(percentage: 90) == 16_602_069_666_338_596_863)
    #expect(CollectorHash.bound64(percentage: 150) == .max)
    #expect(CollectorHash.bound64(percentage: -50) == 0)
    #expect(CollectorHash.bound64(percentage: .leastNonzeroMagnitude) == 0)
  }

  @Test("the Collector's hash accepts 1,638 of 16,384 buckets at 10 %")
  func buckets() {
    var processor = ProbabilisticProcessor()
    processor.percentage = 10
    #expect(processor.acceptedBuckets == 1_638)
    processor.percentage = 100
    #expect(processor.acceptedBuckets == 16_384)
  }

  @Test("equalizing lowers to the given share, proportional takes it of what arrives")
  func modes() {
    var processor = ProbabilisticProcessor()
    processor.percentage = 25
    processor.mode = .equalizing
    let quarter = OpenTelemetryTraceState("th:8")
    let high = TraceID(high: 1, low: 0x00d0_0000_0000_0000)
    let middle = TraceID(high: 1, low: 0x00b0_0000_0000_0000)
    #expect(processor.decide(high, state: quarter, priority: nil).isKept)
    #expect(!processor.decide(middle, state: quarter, priority: nil).isKept)
    #expect(processor.decide(high, state: quarter, priority: nil).probability == 0.5)
    processor.mode = .proportional
    // A quarter of a half: threshold 0.875.
    #expect(!processor.decide(high, state: quarter, priority: nil).isKept)
    #expect(
      processor.decide(TraceID(high: 1, low: 0x00e0_0000_0000_0000), state: quarter, priority: nil).isKept)
    #expect(processor.decide(middle, state: nil, priority: 1).isKept)
  }

  @Test("every rule keeps about its share of random ids")
  func shares() throws {
    var random = SeededGenerator(seed: 1)
    let ids = (0..<20_000).map { _ in TraceID(high: random.next(), low: random.next()) }
    for rule in HeadSampler.Rule.allCases {
      for ratio in [0, 0.01, 0.1, 0.5, 1] {
        let sampler = try #require(HeadSampler(rule, ratio: ratio, salt: 4_711))
        let kept = Double(ids.count { sampler.keeps($0) })
        let margin = 5 * (20_000 * ratio * (1 - ratio)).squareRoot() + 1
        #expect((kept - 20_000 * ratio).magnitude <= margin, "\(rule) \(ratio): \(kept)")
      }
    }
  }

  @Test("no ratio and no id traps")
  func edges() throws {
    var ids = [TraceID.absent, TraceID(high: .max, low: .max)]
    ids += [1 << 63, .max >> 1, 1, .max].flatMap { [TraceID(high: $0, low: 0), TraceID(high: 0, low: $0)] }
    for rule in HeadSampler.Rule.allCases {
      for ratio in [0, .leastNonzeroMagnitude, 1e-20, 0.5.nextDown, 1 - 0x1p-53, 1] {
        let sampler = try #require(HeadSampler(rule, ratio: ratio))
        for id in ids { _ = sampler.keeps(id) }
      }
      #expect(HeadSampler(rule, ratio: 1.5) == nil)
      #expect(HeadSampler(rule, ratio: .nan) == nil)
    }
  }
}

@Suite("Patterns and conditions of policies")
struct PatternTextTests {
  @Test(
    "patterns are found as RE2 finds them",
    arguments: [
      ("^/health", "/healthz", true), ("^/health", "/api/health", false), ("a+b", "xaaab", true),
      ("(GET|POST) /x$", "POST /x", true), ("(GET|POST) /x$", "PUT /x", false), ("[^a-c]d", "cd", false),
      ("[^a-c]d", "ed", true), ("\\d{3}", "a12b345", true), ("\\d{4,}", "123", false), ("x{0}y", "y", true),
      ("(?i)error", "ERROR", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("", "", true),
      ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false), ("(ab|cd)*e$", "abcdabe", true),
      ("a|b|", "", true), ("(?:x|y){2}z", "xyz", true), ("(?P<n>a)b", "ab", true), ("[a\\-z]", "-", true),
      ("(a|b)+?c", "ababc", true), ("é", "café", true), ("a{2,3}$", "caaa", true),
      ("^a{2,3}$", "aaaa", false),
    ])
  func patterns(_ pattern: String, _ text: String, _ isFound: Bool) throws {
    #expect(try #require(TextPattern(pattern)).isFound(in: text) == isFound)
  }

  @Test(
    "what RE2 does not know is refused",
    arguments: ["(?=a)", "(?<!a)b", "(a)\\1", "a**?(", "[a", "(a", "a{2000}", "*a"])
  func refused(_ pattern: String) { #expect(TextPattern.problem(pattern) != nil) }

  @Test("no text takes long, however the pattern repeats", .timeLimit(.minutes(1)))
  func hostile() throws {
    let pattern = try #require(TextPattern("(a+)+(a*)*$b"))
    #expect(!pattern.isFound(in: String(repeating: "a", count: 20_000)))
    #expect(TextPattern(String(repeating: "(", count: 10_000)) == nil)
    #expect(TextPattern("((a{900}){900}){900}") == nil)
  }

  @Test(
    "what is not understood of a condition is named",
    arguments: [
      ("Foo(name) == \"x\"", "the function Foo is not supported"), ("name ==", "a value is missing"),
      ("nome == \"x\"", "nobody knows the value `nome`"), ("name == \"x", "a text has no end"),
      ("name % 2", "`%` has no meaning"), ("(name == \"x\"", "`)` is missing"),
      ("name == \"a\" name", "nothing may follow"), ("attributes[1] == 2", "a key in quotes is missing"),
    ])
  func conditionErrors(_ text: String, _ wanted: String) {
    #expect { try ConditionParser.parse(text, isEvent: false) } throws: { error in
      (error as? ConditionError)?.message.contains(wanted) ?? false
    }
  }

  @Test("conditions nest to a bounded depth")
  func nesting() {
    let deep = String(repeating: "(", count: 100_000) + "true"
    #expect(throws: ConditionError.self) { try ConditionParser.parse(deep, isEvent: false) }
  }
}
