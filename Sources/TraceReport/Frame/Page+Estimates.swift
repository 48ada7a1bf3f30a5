import TraceAnalysis

/// Figures in all, beside those of what is here: shown only where archives were sampled and say how.
extension Page {
  /// The columns that `estimateCells` fills; none where nothing is scaled.
  var estimateColumns: [TableColumn] {
    conclusions.arrived.isWeighted ? [requestsInAll, .number("errors in all", "estimated")] : []
  }

  /// The column that `requestsInAllCell` fills, for tables with little room.
  var requestsInAllColumn: [TableColumn] { conclusions.arrived.isWeighted ? [requestsInAll] : [] }

  private var requestsInAll: TableColumn { .number("in all", "estimated") }

  func requestsInAllCell(_ population: PopulationEstimate?, _ row: TableRow) {
    guard conclusions.arrived.isWeighted else { return }
    guard let population else { return row.number("–") }
    row.number(EstimateWords.count(population.requests), key: Self.whole(population.requests.value))
  }

  /// Requests and failed ones in all, with their intervals.
  func estimateCells(_ population: PopulationEstimate?, _ row: TableRow) {
    guard conclusions.arrived.isWeighted else { return }
    requestsInAllCell(population, row)
    guard let population else { return row.number("–") }
    row.number(EstimateWords.count(population.errors), key: Self.whole(population.errors.value))
  }

  /// What the columns mean.
  func noteEstimates() {
    guard conclusions.arrived.isWeighted else { return }
    element(.p, "note") {
      text(
        "In all: counted as often as each stands for by the sampling of these archives, with 95 % intervals. Other figures "
          + "are of what is here. ")
      if conclusions.hasSamplingPage {
        anchor("How they were sampled", to: link("sampling.html", fragment: "arrived"))
      }
    }
  }
}
