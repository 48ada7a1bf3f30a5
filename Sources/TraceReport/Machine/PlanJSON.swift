package import TraceAnalysis
import TraceModel

/// A plan for programs: every step by its key, with its formula, unit and value in each scenario.
package enum PlanJSON {
  /// The whole document, ended by a line feed.
  package static func document(_ plan: CapacityPlan) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("title", plan.title)
      json.array("scenarios", plan.scenarios) { $0.string($1) }
      json.array("sections", plan.sections) { json, section in
        json.object { json in
          json.field("title", section.title)
          json.array("steps", section.rows) { json, row in
            json.object { json in
              json.field("key", row.key)
              json.field("name", row.name)
              json.field("formula", row.formula)
              json.field("unit", row.unit.rawValue)
              json.array("values", row.values) { json, value in
                // Whole numbers as such: sums of bytes have no business with a decimal point.
                if value.magnitude < 9e15, value == value.rounded() {
                  json.integer(Int64(value))
                } else {
                  json.double(value)
                }
              }
            }
          }
          json.array("notes", section.notes) { $0.string($1) }
        }
      }
    }
    json.endLine()
    return json.bytes
  }
}
