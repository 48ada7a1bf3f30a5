/// The colour of every service of a report, by sorted name, so that two readers see the same picture on all pages.
///
/// Steps 13 to 20 get a round swatch; from 21 on colours repeat with a ring. What reports no spans has no colour.
struct ServicePalette: Sendable {
  /// How the swatch of a service is drawn.
  enum Shape: Sendable {
    case square
    case round
    case ring
    /// Stores, brokers and outside systems: no service colour.
    case hollow
  }

  struct Swatch: Sendable {
    var ink: Ink
    var shape: Shape
  }

  static let hollow = Swatch(ink: .mute, shape: .hollow)
  private let places: [String: Int]

  /// `names` need not be sorted.
  init(services names: some Sequence<String>) {
    var places: [String: Int] = [:]
    for name in Set(names).sorted() where !name.isEmpty { places[name] = places.count }
    self.places = places
  }

  package subscript(service: String) -> Swatch {
    guard let place = places[service] else { return Self.hollow }
    let ink = Ink.services[place % Ink.services.count]
    return Swatch(ink: ink, shape: place < 12 ? .square : place < Ink.services.count ? .round : .ring)
  }
}
