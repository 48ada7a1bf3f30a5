import TestSupport
import Testing

/// What the program tells about itself: help, manual page, completions.
@Suite("Help, manual and completions", .enabled(if: CommandRunner.knows("manual")))
struct HelpTests {
  private func run(_ arguments: [String]) async throws -> ProcessResult {
    try await CommandRunner(in: "/").run(arguments)
  }

  private static func isInstalled(_ program: String) -> Bool { Files.exists("/usr/bin/" + program) }

  /// The names of all options of a command, as its help lists them.
  private func options(of command: String) async throws -> Set<String> {
    let help = try await run([command, "--help"]).output
    let list = help.split(separator: "OPTIONS:").dropFirst().first ?? ""
    return Set(
      list.split(separator: "\n").filter { $0.hasPrefix("  -") || $0.hasPrefix("      --") }
        .flatMap { $0.split(separator: " ").filter { $0.hasPrefix("--") } }
        .map { String($0.prefix { $0 != "," }) })
  }

  @Test(
    "every command's help teaches by an example",
    arguments: CommandRunner.subcommands.subtracting(["help"]).sorted())
  func examples(_ command: String) async throws {
    let help = try await run([command, "--help"])
    #expect(help.status == 0)
    #expect(
      help.output.split(separator: "\n").contains { $0.hasPrefix("  tracebook \(command)") }, "\(command)")
  }

  @Test("the manual page names every command, every option and every status")
  func manual() async throws {
    let page = try await run(["manual"])
    #expect(page.status == 0)
    #expect(page.output.hasPrefix(".Dd "))
    for command in CommandRunner.subcommands.subtracting(["help"]) {
      #expect(page.output.contains("\n.Ss \(command)\n"), "\(command)")
      for option in try await options(of: command) {
        #expect(page.output.contains("Fl -" + option.dropFirst(2)), "\(command) \(option)")
      }
    }
    for status in 0...4 { #expect(page.output.contains("\n.It \(status)\n")) }
  }

  @Test("man shows it without a complaint", .enabled(if: isInstalled("groff")))
  func groff() async throws {
    let page = try await run(["manual"])
    var process = ChildProcess("/usr/bin/groff", ["-mandoc", "-Tutf8", "-ww", "-z"], in: "/")
    process.input = page.stdout
    let checked = try await process.run()
    #expect(checked.status == 0)
    #expect(checked.errorOutput == "")
  }

  @Test("completions are there for three shells", arguments: ["bash", "zsh", "fish"])
  func scripts(_ shell: String) async throws {
    let script = try await run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    #expect(script.output.contains("tracebook"))
    for word in ["incident", "timezone", "fail-on"] { #expect(script.output.contains(word), "\(word)") }
    guard Self.isInstalled(shell) else { return }
    let folder = try TemporaryFolder()
    try folder.write("script", script.stdout)
    let checked = try await ChildProcess("/usr/bin/" + shell, ["-n", "script"], in: folder.path).run()
    #expect(checked.status == 0, "\(checked.errorOutput)")
  }

  @Test("bash completes commands and options", .enabled(if: isInstalled("bash")))
  func completing() async throws {
    let folder = try TemporaryFolder()
    try folder.write("script", try await run(["--generate-completion-script", "bash"]).stdout)
    func completed(_ words: String...) async throws -> [String] {
      let line = words.joined(separator: " ")
      let program = """
        source ./script
        COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
        COMP_LINE='\(line)' COMP_POINT=\(line.utf8.count)
        _tracebook tracebook "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      return try await ChildProcess("/usr/bin/bash", ["-c", program], in: folder.path).run().output
        .split(whereSeparator: \.isWhitespace).map(String.init)
    }
    #expect(try await completed("tracebook", "inc") == ["incident"])
    #expect(try await completed("tracebook", "report", "--timez") == ["--timezone"])
    #expect(try await completed("tracebook", "report", "--skew", "ja") == ["jaeger"])
  }
}
