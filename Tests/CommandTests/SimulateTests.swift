import TestSupport
import Testing

/// `simulate` and `plan` as programs: what they write, refuse and say.
@Suite("Simulating", .enabled(if: CommandRunner.knows("simulate", "plan")))
struct SimulateTests {
  private let shop = Repository.path("samples/shop")
  private let policy = Repository.path("samples/collector/tail-sampling.yaml")

  @Test("thinned archives hold the kept traces, with their weights, and read like any other")
  func thinning() async throws {
    let folder = try TemporaryFolder()
    let runner = CommandRunner(in: folder.path)
    let result = try await runner.run([
      "simulate", shop, "--policy", policy, "--write", "kept", "--format", "json",
    ])
    #expect(result.status == 0)
    let simulated = try JSONValue(parsing: Array(result.output.utf8))
    let kept = simulated["sampling"]["policies"][0]["kept"]["traces"].number
    let again = try await runner.run(["simulate", "kept", "--sampler", "go:1", "--format", "json"])
    let read = try JSONValue(parsing: Array(again.output.utf8))["sampling"]
    #expect(read["total"]["traces"].number == kept)
    #expect(read["arrived"]["schemes"][0]["weightFrom"].text == "sampling.adjusted_count")
    // What is told of all traffic from the thinned archives holds the 286 traces that there were.
    let requests = read["arrived"]["estimates"]["requests"]
    #expect(requests["low"].number ?? .infinity <= 286 && 286 <= requests["high"].number ?? 0)
    let refused = try await runner.run(["simulate", shop, "--policy", policy, "--write", "kept"])
    #expect(refused.status == 4 && refused.errorOutput.contains("not empty"))
  }

  @Test("a recommended policy is printed, and can be given back")
  func recommendation() async throws {
    let folder = try TemporaryFolder()
    let runner = CommandRunner(in: folder.path)
    let result = try await runner.run(["simulate", shop, "--budget", "1/s", "--format", "json"])
    let yaml = try JSONValue(parsing: Array(result.output.utf8))["sampling"]["recommended"]["yaml"].text ?? ""
    #expect(yaml.contains("tail_sampling:"))
    try Files.write(Array(yaml.utf8), to: folder.path("recommended.yaml"))
    let back = try await runner.run(["simulate", shop, "--policy", "recommended.yaml", "--format", "json"])
    let outcome = try JSONValue(parsing: Array(back.output.utf8))["sampling"]["policies"][0]
    #expect(back.status == 0)
    #expect(outcome["visible"]["errorTraces"].number == 19)
    #expect(outcome["kept"]["traces"].number ?? .infinity <= 1.2 * 80)
  }

  @Test("hostile policy files end with status 2 and one line that names the place")
  func hostileFiles() async throws {
    let folder = try TemporaryFolder()
    var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1..<12 {
      bomb +=
        "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ","))]\n"
    }
    let files = [
      "deep": String(repeating: "[", count: 100_000), "bomb": bomb, "empty": "", "text": "just words",
      "numbers":
        "tail_sampling: {policies: [{name: a, type: latency, latency: {threshold_ms: 99999999999999999999}}]}",
      "control": "tail_sampling: {policies: [{name: \"a\\e[31mb\", type: \"x\\e[2Jy\"}]}",
    ]
    for (name, text) in files {
      try Files.write(Array(text.utf8), to: folder.path(name + ".yaml"))
      let result = try await CommandRunner(in: folder.path).run([
        "simulate", shop, "--policy", name + ".yaml", "--decisions",
      ])
      #expect(result.status == 2, "\(name): \(result.errorOutput)")
      #expect(result.errorOutput.contains("\(name).yaml:"), "\(result.errorOutput)")
      #expect(!result.errorOutput.utf8.contains(0x1b), "\(name)")
      #expect(result.output.isEmpty)
    }
  }

  @Test("the page of a simulation by itself is well-formed and leads nowhere")
  func page() async throws {
    let folder = try TemporaryFolder()
    let result = try await CommandRunner(in: folder.path).run([
      "simulate", shop, "--policy", policy, "--sampler", "go:0.1", "--budget", "1/s", "-o", "sampling.html",
    ])
    #expect(result.status == 0 && result.output.isEmpty)
    let page = try XPathDocument(xml: try Files.read(folder.path("sampling.html")))
    #expect(page.strings("//a[not(starts-with(@href, '#'))]/@href").isEmpty)
    #expect(page.strings("//svg[@role='img'][not(title)]").isEmpty)
    #expect(page.strings("//section/@id").contains("recommended"))
  }
}
