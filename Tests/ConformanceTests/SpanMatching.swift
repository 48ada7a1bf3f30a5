import TestSupport

/// Finds for each expected span one of its own among those that were printed.
enum SpanMatching {
  /// The expected spans that no printed span is left for, as texts.
  ///
  /// Only members that are expected are compared: `exact` ones as they are (an absent `shared` is false), `times` within
  /// the tolerance.
  static func missing(
    _ expected: [JSONValue], among printed: [JSONValue], exact: [String], times: [String], tolerance: Int
  ) -> [String] {
    missing(expected, among: printed) { wanted, span in
      exact.allSatisfy { key in
        if wanted[key] == .null { return true }
        if key == "shared" { return wanted[key].isTrue == span[key].isTrue }
        return wanted[key] == span[key]
      }
        && times.allSatisfy { key in
          guard let wanted = wanted[key].integer else { return true }
          guard let value = span[key].integer else { return false }
          return (value - wanted).magnitude <= tolerance
        }
    }
  }

  /// The expected values that no other value is left for, by any notion of fitting.
  static func missing(
    _ expected: [JSONValue], among printed: [JSONValue], fits: (JSONValue, JSONValue) -> Bool
  ) -> [String] {
    var left = printed
    return expected.compactMap { wanted in
      if let place = left.firstIndex(where: { fits(wanted, $0) }) {
        left.remove(at: place)
        return nil
      }
      return "\(wanted)"
    }
  }
}
