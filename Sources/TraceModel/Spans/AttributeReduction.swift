/// A way to make spans smaller: without an attribute, with its texts cut, or without a whole part.
package enum AttributeReduction: Sendable, Hashable {
  /// No attributes of spans.
  case omittingAttributes
  /// No events.
  case omittingEvents
  /// No attributes of resources.
  case omittingResources
  /// The attributes of this key are left out, of spans, events, links, scopes and resources.
  case omitting(Symbol)
  /// Of texts of this key only so many bytes are left.
  case shortening(Symbol, to: Int)
}
