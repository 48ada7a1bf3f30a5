import TraceAnalysis

/// Pictures of policies side by side; the tables below them say the same.
extension Page {
  /// For each policy a bar for the spans kept, and marks for the failing and slow traces kept.
  func keptChart(_ simulation: SimulationResult) {
    let policies = simulation.policies.prefix(24)
    guard !policies.isEmpty else { return }
    figure("What is kept", "in per cent of everything; the table below has the figures") {
      for policy in policies {
        let spans = Percent(policy.kept.inAll.spans, of: simulation.total.inAll.spans)
        element(.p, "bar-h") {
          text(policy.name.cut(60))
          leaf(
            .span, "mute",
            ": spans \(PercentFormat.share(policy.kept.inAll.spans / max(simulation.total.inAll.spans, 1)))")
        }
        markup.element(.svg, .class("strip2"), .width("100%"), .height("22"), .role("img")) {
          markup.leaf(.title, text: keptWords(policy, simulation))
          for mark in 0...4 {
            let place = Percent(hundredths: mark * 2_500)
            markup.line(x1: place, x2: place, y1: 0, y2: 22, stroke: .rule)
          }
          markup.rect(
            x: .zero, width: spans, y: 6, height: 10, fill: policy.isYardstick ? .strongRule : .accent)
          if simulation.visible.slowTraces > 0 {
            let slow = Percent(Double(policy.visible.slowTraces), of: Double(simulation.visible.slowTraces))
            markup.circle(x: held(slow), y: 11, radius: 4.5, fill: .ground, stroke: .ink)
          }
          if simulation.visible.errorTraces > 0 {
            let errors = Percent(
              Double(policy.visible.errorTraces), of: Double(simulation.visible.errorTraces))
            markup.line(x1: held(errors), x2: held(errors), y1: 1, y2: 21, stroke: .bad, width: "3")
          }
        }
      }
      element(.ul, "key") {
        leaf(.li, nil, "bar: spans (grey: head sampling to compare with)")
        leaf(.li, nil, "ring: slow traces")
        leaf(.li, nil, "red upright: failing traces")
        leaf(.li, nil, "lines at 0, 25, 50, 75 and 100 %")
      }
    }
  }

  /// Marks at the ends of the axis stay whole.
  private func held(_ place: Percent) -> Percent {
    min(max(place, Percent(hundredths: 60)), Percent(hundredths: 9_940))
  }

  private func keptWords(_ policy: PolicyOutcome, _ simulation: SimulationResult) -> String {
    "\(policy.name): \(NumberFormat.counted(policy.kept.spans, "span")), "
      + "\(NumberFormat.grouped(policy.visible.errorTraces)) of "
      + "\(NumberFormat.grouped(simulation.visible.errorTraces)) failing and "
      + "\(NumberFormat.grouped(policy.visible.slowTraces)) of "
      + "\(NumberFormat.grouped(simulation.visible.slowTraces)) slow traces"
  }

  /// For each policy the p99 that is estimated, with its interval, around the true one.
  func intervalChart(_ simulation: SimulationResult) {
    let policies = simulation.policies.filter { $0.isRepresentative && $0.overall.p99.truth > 0 }.prefix(24)
    guard !policies.isEmpty else { return }
    // An open interval runs to the end of the picture.
    let most =
      policies.map { policy in
        let p99 = policy.overall.p99
        return max(p99.high == .infinity ? p99.value * 1.05 : p99.high, p99.truth)
      }.max() ?? 1
    let least = policies.map { min($0.overall.p99.low, $0.overall.p99.truth) }.min() ?? 0
    let room = max((most - least) * 0.08, most * 0.01)
    func place(_ value: Double) -> Percent {
      Percent(min(value, most + room) - least + room, of: most - least + 2 * room)
    }
    let truth = policies[0].overall.p99.truth
    figure(
      "p99 of all requests",
      "estimate and 95 % interval; upright: the truth, "
        + DurationFormat.text(EstimateWords.nanoseconds(truth))
    ) {
      for policy in policies {
        let estimate = policy.overall.p99
        element(.p, "bar-h") {
          text(policy.name.cut(60))
          leaf(.span, "mute", ": " + EstimateWords.duration(estimate))
        }
        markup.element(.svg, .class("strip2"), .width("100%"), .height("18"), .role("img")) {
          markup.leaf(.title, text: policy.name + ": p99 " + EstimateWords.duration(estimate))
          markup.line(x1: .zero, x2: .full, y1: 9, y2: 9, stroke: .rule)
          markup.line(x1: place(truth), x2: place(truth), y1: 1, y2: 17, stroke: .ink, width: "1.5")
          markup.line(
            x1: place(estimate.low), x2: place(estimate.high), y1: 9, y2: 9,
            stroke: policy.isYardstick ? .faint : .accent, width: "4")
          markup.circle(
            x: place(estimate.value), y: 9, radius: 4.5, fill: policy.isYardstick ? .faint : .accent)
        }
      }
    }
  }
}
