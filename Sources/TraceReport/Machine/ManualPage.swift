package import TraceAnalysis

/// The manual page, written from what the command line's own definitions say: `tracebook manual | man -l -`.
///
/// Format: mdoc(7), as groff and mandoc read it.
package struct ManualPage {
  private let version: String
  private var lines: [String] = []

  /// The page of a description in the shape of swift-argument-parser's `--experimental-dump-help`.
  ///
  /// - Parameter statuses: what the command may end with, with its meaning.
  package static func document(
    _ description: ConfigurationNode, version: String, statuses: [(code: Int32, meaning: String)]
  ) -> [UInt8] {
    var page = Self(version: version)
    guard let command = description["command"] else { return [] }
    page.head(command)
    page.commands(command)
    page.foot(statuses)
    return Array((page.lines.joined(separator: "\n") + "\n").utf8)
  }

  private init(version: String) { self.version = version }

  private mutating func head(_ command: ConfigurationNode) {
    let name = command.text("commandName")
    // No date: the page of one version is the same whenever it is made.
    lines += [
      ".Dd $Mdocdate$", ".Dt \(name.uppercased()) 1", ".Os Tracebook \(version)", ".Sh NAME", ".Nm \(name)",
    ]
    lines.append(".Nd \(Self.text(Self.sentence(command.text("abstract"))))")
    lines.append(".Sh SYNOPSIS")
    for one in Self.subcommands(command) {
      lines.append(".Nm \(name)")
      lines.append(".Cm \(one.text("commandName"))")
      for argument in one.items("arguments") where argument.text("kind") == "positional" {
        lines.append(
          ".Ar \(argument.text("valueName"))\(argument.text("isRepeating") == "true" ? " ..." : "")")
      }
      lines.append(".Op Ar options")
    }
    lines.append(".Sh DESCRIPTION")
    discussion(command.text("discussion"))
  }

  private mutating func commands(_ command: ConfigurationNode) {
    let subcommands = Self.subcommands(command)
    let common = Self.common(subcommands)
    lines.append(".Sh COMMANDS")
    for one in subcommands {
      lines.append(".Ss \(one.text("commandName"))")
      paragraph(one.text("abstract"))
      discussion(one.text("discussion"))
      options(one.items("arguments").filter { !common.contains($0.text("valueName") + Self.title(of: $0)) })
    }
    lines.append(".Sh OPTIONS OF ALL COMMANDS THAT READ ARCHIVES")
    let shared = subcommands.first { $0.text("commandName") == "inspect" }?.items("arguments") ?? []
    options(shared.filter { common.contains($0.text("valueName") + Self.title(of: $0)) })
  }

  private mutating func foot(_ statuses: [(code: Int32, meaning: String)]) {
    lines.append(".Sh ENVIRONMENT")
    lines += [".Bl -tag -width Ds", ".It Ev TZDIR", "The folder of the time zone database."]
    lines += [".It Ev TERM", "No progress bar is drawn on a terminal that is called dumb.", ".El"]
    lines.append(".Sh EXIT STATUS")
    lines.append(".Bl -tag -width Ds")
    for (code, meaning) in statuses { lines += [".It \(code)", Self.text(meaning)] }
    lines.append(".El")
  }

  // MARK: parts

  /// Visible subcommands, without `help`.
  private static func subcommands(_ command: ConfigurationNode) -> [ConfigurationNode] {
    command.items("subcommands").filter {
      $0.text("shouldDisplay") != "false" && $0.text("commandName") != "help"
    }
  }

  /// What names the options that most commands share.
  private static func common(_ subcommands: [ConfigurationNode]) -> Set<String> {
    var counts: [String: Int] = [:]
    for one in subcommands {
      for argument in one.items("arguments") where argument.text("kind") != "positional" {
        counts[argument.text("valueName") + title(of: argument), default: 0] += 1
      }
    }
    return Set(counts.filter { $0.value * 2 > subcommands.count }.keys)
  }

  private mutating func options(_ arguments: [ConfigurationNode]) {
    let shown = arguments.filter { $0.text("shouldDisplay") != "false" }
    guard !shown.isEmpty else { return }
    lines.append(".Bl -tag -width Ds")
    for argument in shown {
      let value = argument.text("kind") == "flag" ? "" : argument.text("valueName")
      let names = argument.items("names").map(Self.name)
      if names.isEmpty {
        lines.append(".It Ar \(value)")
      } else {
        lines.append(
          ".It " + names.map { "Fl \($0)" }.joined(separator: " , ") + (value.isEmpty ? "" : " Ar \(value)"))
      }
      lines.append(Self.text(argument.text("abstract") + " " + argument.text("discussion")))
      let values = argument.items("allValues").map(\.scalar)
      if !values.isEmpty { lines.append("One of " + Self.text(values.joined(separator: ", ")) + ".") }
      let initial = argument.text("defaultValue")
      if !initial.isEmpty { lines.append("Default: " + Self.text(initial) + ".") }
    }
    lines.append(".El")
  }

  /// Paragraphs; what is set in by blanks are examples.
  private mutating func discussion(_ text: String) {
    for part in text.split(separator: "\n\n") {
      let rows = part.split(separator: "\n", omittingEmptySubsequences: false)
      if rows.allSatisfy({ $0.hasPrefix("  ") || $0.isEmpty }) {
        lines.append(".Bd -literal -offset indent")
        lines += rows.map { Self.text(String($0.drop { $0 == " " }), keepsBlanks: true) }
        lines.append(".Ed")
      } else {
        paragraph(rows.joined(separator: " "))
      }
    }
  }

  private mutating func paragraph(_ text: String) {
    if text.isEmpty { return }
    lines += [".Pp", Self.text(text)]
  }

  /// `-trace` for `--trace`: mdoc puts the first dash.
  private static func name(_ node: ConfigurationNode) -> String {
    (node.text("kind") == "short" ? "" : "-") + node.text("name")
  }

  private static func title(of argument: ConfigurationNode) -> String {
    argument.items("names").map(name).joined(separator: " ")
  }

  private static func sentence(_ text: String) -> String {
    let plain = text.hasSuffix(".") ? String(text.dropLast()) : text
    return plain.prefix(1).lowercased() + plain.dropFirst()
  }

  /// A line that roff reads as text: its marks stand for themselves.
  private static func text(_ text: String, keepsBlanks: Bool = false) -> String {
    let words = keepsBlanks ? text : text.split(separator: " ").joined(separator: " ")
    var line = words.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
      .replacing("…", with: "...")
    if line.hasPrefix(".") { line = "\\&" + line }
    return line
  }
}

extension ConfigurationNode {
  fileprivate var scalar: String {
    if case .scalar(let text, _) = value { return text }
    return ""
  }

  fileprivate func text(_ key: String) -> String { self[key]?.scalar ?? "" }

  fileprivate func items(_ key: String) -> [ConfigurationNode] {
    if case .sequence(let items) = self[key]?.value { return items }
    return []
  }
}
