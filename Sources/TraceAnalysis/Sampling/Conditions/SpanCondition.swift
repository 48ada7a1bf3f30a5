/// A condition on a span or an event, in the part of the OpenTelemetry Transformation Language that is known here.
///
/// Known: `== != < <= > >=`, `and`, `or`, `not`, parentheses, `+` and `-`; attributes of span, event, resource and scope;
/// name, kind, status, times, ids, trace state, scope name and version; `IsMatch`, `HasPrefix`, `HasSuffix`; texts,
/// numbers, truth values, `nil`, and the names of kinds and status codes.
package indirect enum SpanCondition: Sendable, Hashable {
  /// All hold.
  case all([SpanCondition])
  /// One holds.
  case any([SpanCondition])
  /// It does not hold.
  case not(SpanCondition)
  /// Two values compared.
  case compare(Operand, Comparison, Operand)
  /// A text in which a pattern is found.
  case matches(Operand, TextPattern)
  /// A text that begins or ends with another.
  case affix(Operand, String, isPrefix: Bool)
  /// A truth value by itself.
  case holds(Operand)

  /// How two values are compared.
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
  }

  /// Something that has a value.
  package indirect enum Operand: Sendable, Hashable {
    /// A value that stands in the condition.
    case constant(ConditionValue)
    /// A value of the span or event.
    case path(Path)
    /// The sum or difference of two numbers.
    case sum(Operand, Operand, isDifference: Bool)
  }

  /// Where a value is found.
  package enum Path: Sendable, Hashable {
    case attribute(String, of: Owner)
    case name
    case eventName
    case kind
    case kindText
    case statusCode
    case statusMessage
    case start
    case end
    case eventTime
    case traceID
    case spanID
    case parentSpanID
    case traceState
    case scopeName
    case scopeVersion
  }

  /// Whose attributes.
  package enum Owner: Sendable, Hashable {
    case span
    case event
    case resource
    case scope
  }
}

/// A value that conditions compare.
package enum ConditionValue: Sendable, Hashable {
  /// Absent.
  case null
  /// A text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A number.
  case double(Double)
  /// A truth value.
  case boolean(Bool)
  /// Bytes, a list or a map: equal to nothing that can be written here.
  case other

  /// Compares as the Transformation Language does: values of different types are unequal and not ordered.
  func compares(_ comparison: SpanCondition.Comparison, to other: ConditionValue) -> Bool {
    switch (self, other) {
    case (.null, .null): Self.fits(comparison, isLess: false, isEqual: true)
    case (.text(let left), .text(let right)): Self.ordered(comparison, left, right)
    case (.integer(let left), .integer(let right)): Self.ordered(comparison, left, right)
    case (.integer(let left), .double(let right)): Self.ordered(comparison, Double(left), right)
    case (.double(let left), .integer(let right)): Self.ordered(comparison, left, Double(right))
    case (.double(let left), .double(let right)): Self.ordered(comparison, left, right)
    case (.boolean(let left), .boolean(let right)):
      Self.fits(comparison, isLess: !left && right, isEqual: left == right)
    default: comparison == .notEqual
    }
  }

  private static func ordered<Value: Comparable>(
    _ comparison: SpanCondition.Comparison, _ left: Value, _ right: Value
  ) -> Bool {
    // Written out, so that what is not a number is neither less nor equal.
    switch comparison {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }

  private static func fits(
    _ comparison: SpanCondition.Comparison, isLess: Bool, isEqual: Bool
  ) -> Bool {
    switch comparison {
    case .equal: isEqual
    case .notEqual: !isEqual
    case .less: isLess
    case .lessOrEqual: isLess || isEqual
    case .greater: !isLess && !isEqual
    case .greaterOrEqual: !isLess
    }
  }
}
