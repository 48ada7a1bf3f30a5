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
    /// Below 64; swatches that look alike have the same.
    var number: Int
  }

  static let hollow = Swatch(ink: .mute, shape: .hollow, number: 0)
  /// The step of each service, counted from 0; twenty more for each time that the steps repeat.
  private let places: [String: Int]

  /// `names` need not be sorted. `chosen` are steps, from 1, that some services are to have; the others share out the rest.
  init(services names: some Sequence<String>, chosen: [String: Int] = [:]) {
    let steps = Ink.services.count
    var places: [String: Int] = [:]
    let names = Set(names).sorted().filter { !$0.isEmpty }
    for name in names {
      if let step = chosen[name], (1...steps).contains(step) { places[name] = step - 1 }
    }
    let taken = Set(places.values)
    let free = taken.count < steps ? (0..<steps).filter { !taken.contains($0) } : Array(0..<steps)
    for (turn, name) in names.filter({ places[$0] == nil }).enumerated() {
      places[name] = free[turn % free.count] + turn / free.count * steps
    }
    self.places = places
  }

  package subscript(service: String) -> Swatch {
    guard let place = places[service] else { return Self.hollow }
    let steps = Ink.services.count
    let ink = Ink.services[place % steps]
    let isRepeated = place >= steps
    return Swatch(
      ink: ink, shape: place < 12 ? .square : isRepeated ? .ring : .round,
      number: 1 + place % steps + (isRepeated ? steps : 0))
  }
}
