package import TraceModel

/// A rule by which a client library decides at the start of a trace, from the trace id alone.
///
/// Each is the expression of the named library, so that its decisions can be told beforehand; they differ from one
/// another on nearly half of all ids and ratios. Sources: the SDKs of OpenTelemetry, jaeger-client-go and -python,
/// openzipkin/brave.
package struct HeadSampler: Sendable, Equatable {
  /// Whose expression.
  package enum Rule: String, Sendable, CaseIterable {
    /// OpenTelemetry Go, and Rust.
    case go
    /// OpenTelemetry Java.
    case java
    /// OpenTelemetry Python.
    case python
    /// OpenTelemetry JavaScript.
    case js
    /// OpenTelemetry .NET.
    case dotnet
    /// OpenTelemetry Ruby.
    case ruby
    /// OpenTelemetry C++.
    case cpp
    /// Jaeger's Go client.
    case jaeger
    /// W3C consistent probability sampling: 56 bits, no rounding.
    case consistent
    /// OpenTelemetry PHP: consistent, with the threshold rounded to four digits.
    case php
    /// OpenTelemetry Swift.
    case swift
    /// Jaeger's Python client.
    case jaegerPython = "jaeger-python"
    /// Zipkin's boundary sampler (brave), whose salt is random for each process and must be known.
    case zipkin

    /// Its place among all, for numbers in files.
    var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// Every rule that decides by the id alone, at one ratio.
  static func audited(ratio: Double) -> [(rule: Rule, sampler: HeadSampler)] {
    Rule.allCases.compactMap { rule in
      rule == .zipkin ? nil : HeadSampler(rule, ratio: ratio).map { (rule, $0) }
    }
  }

  /// Whose expression.
  package let rule: Rule
  /// The configured share of traces to keep, 0 to 1.
  package let ratio: Double
  /// The salt of `zipkin`; 0 for all others.
  package let salt: UInt64

  /// Makes a sampler; nil for a ratio outside 0 to 1.
  package init?(_ rule: Rule, ratio: Double, salt: UInt64 = 0) {
    guard ratio >= 0, ratio <= 1 else { return nil }
    self.rule = rule
    self.ratio = ratio
    self.salt = salt
  }

  /// Whether a trace is kept.
  ///
  /// - Complexity: O(1).
  package func keeps(_ id: TraceID) -> Bool {
    switch rule {
    case .go: ratio >= 1 || (ratio > 0 && id.low >> 1 < UInt64(ratio * 0x1p63))
    case .java: keepsAsJava(Int64(bitPattern: id.low))
    case .python: ratio >= 1 || id.low < UInt64((ratio * 0x1p64).rounded(.toNearestOrEven))
    case .js: keepsAsJavaScript(id)
    case .dotnet: keepsAsDotNet(Int64(bitPattern: id.high))
    case .ruby: ratio >= 1 || id.low < UInt64((ratio * 0x1p64).rounded(.up))
    case .cpp: keepsAsCPlusPlus(id.high.byteSwapped)
    case .jaeger: id.low & (.max >> 1) <= Self.clamped(0x1p63 * ratio)
    case .consistent: id.randomness >= Threshold.of(ratio)
    case .php: ratio > 0 && id.randomness >= Threshold.of(ratio, digits: 4)
    case .swift: ratio >= 1 || id.low < UInt64(ratio * 0x1p64)
    case .jaegerPython: ratio >= 1 || Double(id.low) < ratio * 0x1p64
    case .zipkin: keepsAsZipkin(Int64(bitPattern: id.low ^ salt))
    }
  }

  /// `abs(Int64.min)` is itself, and negative: kept for every ratio above 0.
  private func keepsAsJava(_ value: Int64) -> Bool {
    let magnitude = value == .min ? value : abs(value)
    let bound: Int64 = ratio <= 0 ? .min : ratio >= 1 ? .max : Int64(ratio * 0x1p63)
    return magnitude < bound
  }

  private func keepsAsDotNet(_ value: Int64) -> Bool {
    guard value != .min else { return false }
    let bound: Int64 = ratio <= 0 ? .min : ratio >= 1 ? .max : Int64(ratio * 0x1p63)
    return abs(value) < bound
  }

  private func keepsAsJavaScript(_ id: TraceID) -> Bool {
    guard !id.isAbsent else { return false }
    let words = id.high ^ id.low
    let folded = (words >> 32 ^ words) & 0xffff_ffff
    return ratio >= 1 || Double(folded) < (ratio * 0xffff_ffff).rounded(.down)
  }

  private func keepsAsCPlusPlus(_ value: UInt64) -> Bool {
    if ratio <= 0 { return false }
    if ratio >= 1 { return true }
    let product = Double(UInt32.max) * ratio
    let high = product.rounded(.down)
    let low = ((product - high) * 0x1p32 + product).rounded(.down)
    return value <= UInt64(high) << 32 &+ UInt64(low)
  }

  private func keepsAsZipkin(_ value: Int64) -> Bool {
    guard ratio > 0 else { return false }
    if ratio >= 1 { return true }
    let magnitude = value == .min ? value : abs(value)
    return magnitude % 10_000 <= Int64(ratio * 10_000)
  }

  private static func clamped(_ value: Double) -> UInt64 {
    value >= 0x1p64 ? .max : UInt64(max(0, value))
  }
}

extension TraceID {
  /// The 56 bits that consistent sampling takes as random: the last seven bytes.
  package var randomness: UInt64 { low & (Threshold.all - 1) }
}
