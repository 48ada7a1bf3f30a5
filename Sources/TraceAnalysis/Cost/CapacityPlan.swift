/// A plan: every step with its formula and its value in each scenario.
package struct CapacityPlan: Sendable {
  /// In what a value is counted.
  package enum Unit: String, Sendable {
    /// Plain numbers.
    case count
    /// A number for each second.
    case perSecond
    /// Bytes.
    case bytes
    /// Bytes for each second.
    case bytesPerSecond
    /// Money for a month.
    case money
    /// Microseconds.
    case microseconds
    /// A share of 1.
    case share
  }

  /// One step.
  package struct Row: Sendable {
    /// Its name for programs.
    package var key: String
    /// Its name for people.
    package var name: String
    /// How it is worked out, in the names of the steps before it.
    package var formula: String
    /// In what it is counted.
    package var unit: Unit
    /// Its value in each scenario.
    package var values: [Double]
  }

  /// Steps about one thing.
  package struct Section: Sendable {
    /// Its heading.
    package var title: String
    /// The steps in their order.
    package var rows: [Row] = []
    /// Sentences below them.
    package var notes: [String] = []
  }

  /// What is planned.
  package var title: String
  /// The names of the scenarios.
  package var scenarios: [String]
  /// The parts of the plan.
  package var sections: [Section] = []

  /// Works out a plan.
  ///
  /// Pure arithmetic (reference on storage, sections 4 to 6).
  package init(_ configuration: PlanConfiguration) {
    title = configuration.title
    scenarios = configuration.scenarios.map(\.name)
    var planner = Planner(configuration)
    planner.planTraffic()
    planner.planStorage()
    planner.planMoney()
    planner.planIndex()
    planner.planTiers()
    planner.planCollectors()
    planner.planOverhead()
    planner.planLosses()
    sections = planner.sections
  }

  /// The value of a step in a scenario.
  package func value(_ key: String, _ scenario: Int = 0) -> Double? {
    for section in sections {
      if let row = section.rows.first(where: { $0.key == key }), row.values.indices.contains(scenario) {
        return row.values[scenario]
      }
    }
    return nil
  }
}
