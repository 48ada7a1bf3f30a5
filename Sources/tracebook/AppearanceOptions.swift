import ArgumentParser
import TraceAnalysis
import TraceReport

/// How pages look and where they lead; common to `report` and `incident`.
struct AppearanceOptions: ParsableArguments {
  @Option(help: "What the pages are about, for their title.")
  var title: String?

  @Option(
    name: .customLong("colour"),
    help: ArgumentHelp(
      "A step of the palette, from 1 to 20, for a service, as in payment=3; may be repeated.",
      valueName: "service=step"))
  var chosenColours: [String] = []

  @Option(
    name: .customLong("link"),
    help: ArgumentHelp(
      "A link from each trace to another tool, as in 'Logs=https://logs.example/?q={traceId}'; may be repeated, and stands "
        + "in place of the configuration's.", valueName: "name=url"))
  var chosenLinks: [String] = []

  func validate() throws {
    for text in chosenColours where Self.colour(text) == nil {
      throw ValidationError("--colour \(text): SERVICE=STEP is needed, with a step from 1 to 20")
    }
    for text in chosenLinks { _ = try Self.link(text) }
  }

  /// The steps of the file, with those of the command line in place of some.
  func colours(_ configuration: ReportConfiguration) -> [String: Int] {
    chosenColours.compactMap(Self.colour).reduce(into: configuration.colours) { $0[$1.service] = $1.step }
  }

  /// The links of the command line, else those of the file.
  func links(_ configuration: ReportConfiguration) -> [LinkTemplate] {
    chosenLinks.isEmpty ? configuration.links : chosenLinks.compactMap { try? Self.link($0) }
  }

  private static func colour(_ text: String) -> (service: String, step: Int)? {
    guard let sign = text.lastIndex(of: "="), sign > text.startIndex,
      let step = Int(text[text.index(after: sign)...]), (1...20).contains(step)
    else { return nil }
    return (String(text[..<sign]), step)
  }

  private static func link(_ text: String) throws -> LinkTemplate {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      throw ValidationError("--link \(text): NAME=URL is needed")
    }
    do throws(LinkTemplate.Mistake) {
      return try LinkTemplate(
        name: String(text[..<sign]), on: .trace, url: String(text[text.index(after: sign)...]), when: nil,
        padSeconds: 60)
    } catch {
      throw ValidationError("--link \(text): \(error.message)")
    }
  }
}
