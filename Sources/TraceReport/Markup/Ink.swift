/// A colour of the token file: the class that follows the theme, and the light colour for readers without styles.
struct Ink: Sendable, Equatable {
  let name: String
  let light: String

  init(_ name: String, _ light: String) {
    self.name = name
    self.light = light
  }

  static let ground = Ink("ground", "#fdfdfb")
  static let band = Ink("band", "#f3f3ef")
  static let rule = Ink("rule", "#e2e2dc")
  static let strongRule = Ink("rule-2", "#c4c4bc")
  static let faint = Ink("faint", "#83847d")
  static let mute = Ink("mute", "#5e5f59")
  static let ink = Ink("ink", "#1b1c1a")
  static let accent = Ink("accent", "#1b5a99")
  static let accentSoft = Ink("accent-soft", "#dde8f3")
  static let bad = Ink("bad", "#b3261e")
  static let badArea = Ink("bad-area", "#b8362d")
  static let badSoft = Ink("bad-soft", "#f7e4e1")
  static let warn = Ink("warn", "#865300")
  static let warnSoft = Ink("warn-soft", "#f5ead6")
  static let good = Ink("good", "#1c6942")
  static let goodSoft = Ink("good-soft", "#dfeee5")

  /// Counts, few to many.
  static let heat = [
    Ink("heat-0", "#dde8f3"), Ink("heat-1", "#bed4eb"), Ink("heat-2", "#9cbddf"), Ink("heat-3", "#78a3cf"),
    Ink("heat-4", "#5287bd"), Ink("heat-5", "#3169a0"), Ink("heat-6", "#1a4d7b"), Ink("heat-7", "#0c3254"),
  ]

  /// Services, by sorted name over the whole report.
  static let services = [
    Ink("s1", "#245aaa"), Ink("s2", "#ad8745"), Ink("s3", "#527a5e"), Ink("s4", "#9181e1"),
    Ink("s5", "#a6592c"), Ink("s6", "#005760"), Ink("s7", "#7d4084"), Ink("s8", "#4f5401"),
    Ink("s9", "#2481aa"), Ink("s10", "#6c2835"), Ink("s11", "#01a27e"), Ink("s12", "#38338a"),
    Ink("s13", "#988302"), Ink("s14", "#6a8757"), Ink("s15", "#a483ac"), Ink("s16", "#9a547c"),
    Ink("s17", "#875347"), Ink("s18", "#17496c"), Ink("s19", "#a1733a"), Ink("s20", "#02768e"),
  ]

  static let all =
    [
      ground, band, rule, strongRule, faint, mute, ink, accent, accentSoft, bad, badArea, badSoft, warn,
      warnSoft, good, goodSoft,
    ] + heat + services
}
