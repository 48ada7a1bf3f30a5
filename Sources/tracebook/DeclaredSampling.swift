import ArgumentParser
import TraceAnalysis

/// How archives were sampled, where their spans do not say it.
struct DeclaredSampling: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a head sampler kept before, where the spans do not say it: 0.1.", valueName: "ratio"))
  var samplingRatio: Double?

  func validate() throws {
    if let samplingRatio, !(samplingRatio > 0 && samplingRatio <= 1) {
      throw ValidationError("--sampling-ratio \(samplingRatio): a ratio above 0 and up to 1 is needed")
    }
  }

  /// The argument as it was given.
  var words: [String] { samplingRatio.map { ["--sampling-ratio", "\($0)"] } ?? [] }

  /// What is said by the command line, and else by a file of configuration.
  func declaration(_ configured: SamplingDeclaration = SamplingDeclaration()) -> SamplingDeclaration {
    var declaration = configured
    if let samplingRatio { declaration.ratio = samplingRatio }
    return declaration
  }
}
