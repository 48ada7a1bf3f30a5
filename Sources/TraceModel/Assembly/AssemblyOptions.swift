/// Whose rule corrects clock skew.
public enum SkewRule: String, Sendable, CaseIterable {
  /// Ours: only on proof, between known hosts.
  case auto
  /// The Jaeger backend's.
  case jaeger
  /// Zipkin Lens's.
  case zipkin
  /// None.
  case off
}

/// Which of two touching siblings counts on the critical path.
public enum CriticalPathRule: String, Sendable, CaseIterable {
  /// Both; every root has a path.
  case inclusive
  /// Jaeger UI's: the earlier one is left out, orphan roots have no path.
  case strict
}

/// The choices of a user about reconstruction.
public struct AssemblyOptions: Sendable {
  /// Whose rule corrects clock skew.
  public var skew: SkewRule = .auto
  /// A larger shift is refused with a warning; nil for no limit, zero refuses all.
  public var largestSkew: Nanoseconds?
  /// Whose critical path.
  public var criticalPath: CriticalPathRule = .inclusive
  /// True: a 64-bit id is never joined to a 128-bit one.
  public var strictTraceID: Bool = false
  /// False: no warnings are written, which saves their texts.
  public var collectsWarnings: Bool = true
  /// Only traces that begin in this window take part; nil for all.
  package var window: RequestedWindow?

  /// The defaults.
  public init() {}

  /// The same choices for all traces, whenever they begin.
  package var whole: AssemblyOptions {
    var options = self
    options.window = nil
    return options
  }
}
