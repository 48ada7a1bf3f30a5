package import TraceModel

/// The traces that a policy keeps, with what each stands for: to be written as new archives.
package struct PolicyThinning: Sendable {
  /// A kept trace.
  package struct Kept: BitwiseCopyable, Sendable {
    /// Its id.
    package var id: TraceID
    /// How many traces of the original population it stands for; nil when that is not known.
    package var adjustedCount: Double?
  }

  /// The kept traces in the order of decisions.
  package let kept: StoredRows<Kept>

  /// Replays a policy of the simulation, by its number.
  package init(_ input: SimulationInput, policy number: Int) {
    let replay = PolicyReplay(input.policies[number], over: input)
    let kept = zip(input.traces, replay.entries).lazy.compactMap { trace, entry -> Kept? in
      guard entry.decision == .sampled else { return nil }
      guard entry.probability > 0 else { return Kept(id: trace.id, adjustedCount: nil) }
      // What arrived without a word of its sampling is taken as complete, as the simulation takes it.
      let arrived = trace.weight.isNaN ? 1 : trace.weight
      return Kept(id: trace.id, adjustedCount: arrived / entry.probability)
    }
    self.kept = StoredRows(kept, in: input.space)
  }
}
