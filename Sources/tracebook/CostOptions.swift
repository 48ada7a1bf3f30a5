import ArgumentParser
import TraceAnalysis
import TraceReport

/// What money is reckoned with; common to `report` and `simulate`.
struct CostOptions: ParsableArguments {
  @Option(
    name: .customLong("price"),
    help: ArgumentHelp(
      "Money for a GiB held for a month, as in disk=0.08 or object=0.023; may be repeated.",
      valueName: "kind=price"))
  var prices: [String] = []

  @Option(
    help: ArgumentHelp(
      "How long spans are held, for what they cost: 14d or 2w; 7d by default.", valueName: "days"))
  var retention: String?

  func validate() throws {
    var basis = CostBasis()
    for text in prices where !basis.setPrice(text) {
      throw ValidationError("--price \(text): \(CostBasis.wantedPrice)")
    }
    if let retention, CostBasis.days(retention) == nil {
      throw ValidationError("--retention \(retention): a number of days or weeks is needed, such as 14d")
    }
  }

  /// The basis of the file, with what the command line says in its place.
  func basis(_ configuration: ReportConfiguration) -> CostBasis {
    var basis = configuration.costs
    for text in prices { _ = basis.setPrice(text) }
    if let days = retention.flatMap(CostBasis.days) { basis.days = days }
    return basis
  }
}
