import TraceAnalysis

extension Page {
  /// What was too much to be told apart; not there when everything was.
  func joinedThings() {
    let joined = conclusions.quality.joined
    guard !joined.isEmpty else { return }
    section(
      "joined", "Too many to tell apart",
      "Figures of everything would not fit into memory. The most frequent have figures of their own, the rest is counted "
        + "together. Traces and search keep all names."
    ) {
      joinedTable(joined)
    }
  }

  /// What is counted together, and how it is shown.
  func joinedTable(_ joined: [JoinedThings]) {
    table(
      "What is counted together",
      columns: [.text("Things"), .number("Met, at least"), .text("The rest is shown as")],
      rows: joined.count
    ) { row, index in
      row.head(joined[index].words)
      row.count(joined[index].count)
      row.cell(joined[index].rest.isEmpty ? "calls of their destination" : joined[index].rest)
    }
  }
}
