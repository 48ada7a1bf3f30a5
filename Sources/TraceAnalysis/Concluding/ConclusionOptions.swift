package import TraceModel

/// What a reader of conclusions may choose.
package struct ConclusionOptions: Sendable {
  /// The most traces that get a page.
  package var maxTraces = 200
  /// The most traces that are listed.
  package var listedTraces = 2_000
  /// What to compare with; nil for nothing.
  package var baseline: Digest?
  /// From which shares on a finding is severe.
  package var thresholds = FindingThresholds()
  /// The threads to use; nothing depends on their number.
  package var threads = 1
  /// The time zone of what people read.
  package var zone = TimeZoneRules.utc

  /// The defaults.
  package init() {}
}

extension Digest {
  /// What the digest says, in words and figures ready to be shown.
  ///
  /// Pure: equal digests give equal conclusions. Input archives are not known to a digest; `input.archives`,
  /// `spansRead` and `spansQuarantined` are left for the caller to fill in.
  ///
  /// - Complexity: O(*n* log *n*) in the rows of the digest.
  package func conclude(_ options: ConclusionOptions = ConclusionOptions()) -> Conclusions {
    var conclusions = Concluder(self, options).conclude()
    conclusions.zone = options.zone
    return conclusions
  }
}
