/// A way to make spans smaller: without an attribute, or with its texts cut.
package enum AttributeReduction: Sendable, Hashable {
  /// The attributes of this key are left out, of spans, events, links, scopes and resources.
  case omitting(Symbol)
  /// Of texts of this key only so many bytes are left.
  case shortening(Symbol, to: Int)
}
