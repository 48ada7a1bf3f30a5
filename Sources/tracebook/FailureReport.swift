import ArgumentParser
import Glibc

/// What a run can end with besides success (see "Exit status" in the README).
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case conditionHolds = 1
  case wrongUse = 2
  case incomplete = 3
  case failed = 4

  /// What it tells, in one sentence.
  var meaning: String {
    switch self {
    case .done: "Done."
    case .conditionHolds: "Done, and a condition of --fail-on holds."
    case .wrongUse: "The command line or the configuration is wrong; nothing was written."
    case .incomplete: "Some input could not be read whole; the result was written and says what is missing."
    case .failed:
      "Nothing could be read, a trace does not fit into --memory, or the output could not be written; "
        + "the published report is untouched."
    }
  }
}

/// A run that cannot go on, with the sentence that the user sees.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String
}

/// Turns errors into lines on standard error and exit statuses: the only place that does.
enum FailureReport {
  /// Ends the process with the error's message and status.
  static func exit(with error: any Error) -> Never {
    if let failure = error as? CommandFailure {
      say("tracebook: \(failure.message)")
      Glibc.exit(failure.status.rawValue)
    }
    if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
    if Tracebook.exitCode(for: error) == .success {
      // Help and version were asked for: they are results.
      print(Tracebook.fullMessage(for: error))
      Glibc.exit(0)
    }
    let lines = Tracebook.fullMessage(for: error).split(separator: "\n")
    let message = lines.first.map(String.init) ?? "wrong use"
    say("tracebook: \(message.hasPrefix("Error: ") ? String(message.dropFirst(7)) : message)")
    if let help = lines.first(where: { $0.contains("--help") }) {
      say(help.trimmingPrefix(while: \.isWhitespace).description)
    }
    Glibc.exit(ExitStatus.wrongUse.rawValue)
  }

  /// Ends the process with a status.
  static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.rawValue) }

  /// Writes a line to standard error.
  static func say(_ line: String) { TerminalLine.say(line + "\n") }
}

/// A reader that closes its end, such as `head`, ends the run quietly.
enum BrokenPipe {
  static func ignore() { signal(SIGPIPE, SIG_IGN) }
}
