public import ArgumentParser
public import TraceModel

extension SkewRule: ExpressibleByArgument {}
extension CriticalPathRule: ExpressibleByArgument {}

/// Whose rules put traces together; common to every command that builds trees.
struct AssemblyArguments: ParsableArguments {
  @Option(help: "Whose rule corrects clock skew: auto, jaeger, zipkin or off.")
  var skew: SkewRule = .auto

  @Option(
    help: ArgumentHelp("Refuse larger clock-skew shifts, such as 10ms; 0 refuses all.", valueName: "duration")
  )
  var maxSkew: String?

  @Flag(help: "Never join a 64-bit trace id to the 128-bit one that ends alike.")
  var strictTraceId = false

  func validate() throws { _ = try largestSkew() }

  /// The choices as assembly takes them.
  func options(criticalPath: CriticalPathRule = .inclusive) throws -> AssemblyOptions {
    var options = AssemblyOptions()
    options.skew = skew
    options.largestSkew = try largestSkew()
    options.strictTraceID = strictTraceId
    options.criticalPath = criticalPath
    return options
  }

  private func largestSkew() throws -> Nanoseconds? {
    guard let maxSkew else { return nil }
    guard let duration = DurationParser.nanoseconds(maxSkew), duration >= .zero else {
      throw ValidationError("--max-skew \(maxSkew): a duration is needed, such as 10ms or 1.5s")
    }
    return duration
  }
}
