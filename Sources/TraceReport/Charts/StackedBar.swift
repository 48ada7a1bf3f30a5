/// One part of a whole.
struct StackedPart {
  /// Whose colour it has.
  var service: String
  var name: String
  var value: UInt64
  /// True for all that are not told apart, which stand last.
  var isFurther = false
}

/// A whole divided into its parts, with a key in the same order.
extension Page {
  func stackedBar(_ parts: [StackedPart], label: String) {
    let total = parts.reduce(UInt64(0)) { $0 &+ $1.value }
    guard total > 0 else { return }
    let names = parts.prefix(8).map { $0.name + " " + DurationFormat.text($0.value) }.joined(separator: ", ")
    markup.element(.figure) {
      markup.element(.svg, .class("strip2"), .width("100%"), .height("26"), .role("img"), .label(label)) {
        markup.leaf(.title, text: label + ": " + names)
        var start: UInt64 = 0
        for part in parts {
          let from = Percent(Double(start), of: Double(total))
          start &+= part.value
          let to = Percent(Double(start), of: Double(total))
          guard to > from else { continue }
          // A hair of ground between parts.
          let width = max(Percent(hundredths: to.hundredths - from.hundredths - 12), Percent(hundredths: 6))
          markup.rect(
            x: from, width: width, y: 0, height: 26, fill: context.palette[part.service].ink,
            title:
              "\(part.name) \(DurationFormat.text(part.value)), \(PercentFormat.share(part.value, of: total))"
          )
        }
      }
      element(.ul, "svl") {
        let named = parts.prefix { !$0.isFurther }
        for part in named.prefix(24) where part.value > 0 { stackedKey(part, of: total) }
        if named.count > 24 { leaf(.li, "mute", "and \(named.count - 24) smaller parts") }
        for part in parts[named.endIndex...] where part.value > 0 { stackedKey(part, of: total) }
      }
    }
  }

  private func stackedKey(_ part: StackedPart, of total: UInt64) {
    element(.li) {
      swatch(part.service)
      text(part.name + " ")
      leaf(.b, nil, DurationFormat.text(part.value))
      leaf(.span, "mute", " " + PercentFormat.share(part.value, of: total))
    }
  }
}
