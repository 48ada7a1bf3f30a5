import TraceModel

/// A few traces of a duration band or an error group, to be looked at more closely once everything is together.
///
/// Not written to files: by then they have been looked at.
struct ProbeRow: DigestRow {
  enum Subject: Int {
    case durationBand
    case errorGroup
  }

  /// How many are kept of each.
  static let bandSize = 12
  static let groupSize = 32

  var subject = Subject.durationBand
  var place: Int32 = 0
  var traces: [ProbedTrace] = []

  var key: RowKey { RowKey(subject.rawValue, Int(place)) }

  mutating func merge(_ other: Self) {
    let size = subject == .durationBand ? Self.bandSize : Self.groupSize
    traces = Array(
      (traces + other.traces).sorted { $0.hash != $1.hash ? $0.hash < $1.hash : $0.id < $1.id }.prefix(size))
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = subject.rawValue
    visitor.integer(&number)
    subject = Subject(rawValue: number) ?? .durationBand
    visitor.reference(&place, subject == .durationBand ? .durationBands : .errorGroups)
    visitor.list(&traces, of: .none) { visitor, probe in
      visitor.identifier(&probe.hash)
      visitor.identifier(&probe.id)
    }
  }
}

/// How long requests would take if the own part of a service were so many percent shorter.
struct WhatIfRow: DigestRow {
  /// 0 stands for the requests as they are.
  static let percents = [0, 10, 25, 50, 100]

  var entryPoint: Int32 = 0
  var service = Symbol.empty
  var percent = 0
  /// Each looked-at request counts for those of its duration band.
  var durations = DurationSketch()
  /// Requests looked at.
  var probes = 0

  var key: RowKey { RowKey(Int(entryPoint), service.number, percent) }

  /// Adds a length that stands for so many requests.
  mutating func add(_ length: Int64, weight: Int) {
    durations.add(length, times: weight)
    probes += 1
  }

  mutating func merge(_ other: Self) {
    durations.merge(other.durations)
    probes += other.probes
  }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.reference(&entryPoint, .entryPoints)
    visitor.symbol(&service)
    visitor.integer(&percent)
    visitor.sketch(&durations)
    visitor.integer(&probes)
  }
}

/// A set of looked-at requests, in which values of attributes are counted.
enum ProbeSet: Int {
  case typical
  case slow
  case healthy
  case errorGroup
}

/// How many requests of a set carry a value of an attribute; without a key, how many there are.
struct AttributeRow: DigestRow {
  var set = ProbeSet.typical
  /// The entry point, or the error group.
  var place: Int32 = 0
  /// Whose attribute; empty for the root span's.
  var service = Symbol.empty
  var attribute = Symbol.empty
  var value = Symbol.empty
  var count = 0

  var key: RowKey { RowKey(set.rawValue, Int(place), service.number, attribute.number, value.number) }
  /// What the row is about, whichever set it is of.
  var valueKey: RowKey { RowKey(service.number, attribute.number, value.number) }

  mutating func merge(_ other: Self) { count += other.count }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    var number = set.rawValue
    visitor.integer(&number)
    set = ProbeSet(rawValue: number) ?? .typical
    visitor.reference(&place, set == .errorGroup ? .errorGroups : .entryPoints)
    visitor.symbol(&service)
    visitor.symbol(&attribute)
    visitor.symbol(&value)
    visitor.integer(&count)
  }
}
