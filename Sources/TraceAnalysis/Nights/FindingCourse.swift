/// What became of one finding over the nights.
package struct FindingCourse: Sendable {
  /// How it stands in the last night.
  package enum State: Sendable {
    /// It is there, and was not in the night before.
    case new
    /// It is there, and was in the night before.
    case continuing
    /// It was there in an earlier night and is no longer.
    case solved
  }

  /// As the last night that had it tells it.
  package var finding: NightFinding
  /// How it stands.
  package var state: State
  /// Its severity in every night from first to last; nil where it was absent.
  package var severities: [FindingSeverity?]
  /// The place of the night from which on it was there without a gap, up to `last`.
  package var first: Int
  /// The place of the last night that had it.
  package var last: Int

  /// In how many nights it was there.
  package var nightCount: Int { severities.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

  /// Follows the findings through nights in the order of their dates.
  ///
  /// Changes since a baseline are left out, since each night has another baseline; so are mere observations. New ones
  /// come first, then those that go on, then the solved, those solved last first; within that by severity and id.
  ///
  /// - Complexity: O(findings × log).
  package static func follow(_ nights: [NightSummary]) -> [FindingCourse] {
    var courses: [String: FindingCourse] = [:]
    for (place, night) in nights.enumerated() {
      for finding in night.findings where !finding.isChange && finding.severity != .info {
        var course =
          courses[finding.id]
          ?? FindingCourse(
            finding: finding, state: .solved, severities: Array(repeating: nil, count: nights.count),
            first: place, last: place)
        if course.last < place - 1 { course.first = place }
        // Two of one id in a night: the first is the more severe.
        if course.severities[place] == nil {
          course.severities[place] = finding.severity
          course.finding = finding
        }
        course.last = place
        courses[finding.id] = course
      }
    }
    let end = nights.count - 1
    return courses.values.map { course in
      var course = course
      course.state = course.last < end ? .solved : course.first == end ? .new : .continuing
      return course
    }.sorted(by: isOrdered)
  }

  private static func isOrdered(_ left: FindingCourse, _ right: FindingCourse) -> Bool {
    if left.state != right.state { return left.state.rank < right.state.rank }
    if left.state == .solved, left.last != right.last { return left.last > right.last }
    if left.finding.severity != right.finding.severity {
      return left.finding.severity < right.finding.severity
    }
    return left.finding.id < right.finding.id
  }
}

extension FindingCourse.State {
  fileprivate var rank: Int {
    switch self {
    case .new: 0
    case .continuing: 1
    case .solved: 2
    }
  }
}
