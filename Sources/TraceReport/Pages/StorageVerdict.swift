import TraceAnalysis
import TraceModel

extension Conclusions {
  /// True when there is something to say on `sampling.html`.
  var hasSamplingPage: Bool { simulation != nil || storage != nil }

  /// The length of what was measured, in seconds; never 0.
  var measuredSeconds: Double {
    simulation?.seconds ?? max(Double((window.end - window.start).rawValue) / 1e9, 1e-3)
  }

  /// What the archives would take at other rates.
  func projection(_ storage: StorageMeasure) -> StorageProjection {
    var kept = KeptAmount()
    kept.traces = input.traces
    kept.spans = storage.spans
    kept.bytes = Int64(clamping: storage.recordBytes)
    return StorageProjection(
      kept, seconds: measuredSeconds, packedRatio: storage.packedRatio, basis: costs,
      requests: arrived.isWeighted ? arrived.overall?.requests.value : nil)
  }
}

/// The head of `sampling.html` where no policy was replayed.
extension Page {
  func storageVerdict() {
    guard let storage = conclusions.storage, storage.spans > 0 else {
      return verdict(
        "No policy was replayed, and nothing was measured.", kicker: { text("Sampling and storage") },
        lead: {},
        numbers: [])
    }
    let projection = conclusions.projection(storage)
    let now = projection.cost(projection.rows[0])
    let spans = UInt64(storage.spans)
    var sentence =
      "A span takes \(NumberFormat.significant(UInt64(max(0, storage.recordBytes)), per: spans)) bytes"
    if let packing = storage.packing, packing.spans > 0 {
      let packed = NumberFormat.significant(UInt64(packing.whole.packed), per: UInt64(packing.spans))
      sentence += ", and \(packed) as OTLP JSON after gzip"
    }
    verdict(
      sentence + ".", kicker: { text("Sampling and storage") }, lead: { storageLead(storage) },
      numbers: [
        KeyNumber(
          "Written in a day", ByteCountFormat.text(Self.whole(now.bytesPerDay)),
          context: "as records, uncompressed"),
        KeyNumber(
          "Cost in a month, in an index", conclusions.costs.sign + EstimateWords.money(now.indexMonthly),
          context: "for \(conclusions.costs.daysText) days"),
        KeyNumber(
          "Cost in a month, as objects", conclusions.costs.sign + EstimateWords.money(now.objectMonthly),
          context: "for \(conclusions.costs.daysText) days, packed"),
      ])
  }

  private func storageLead(_ storage: StorageMeasure) {
    if let first = storage.attributes.first(where: { !$0.isOfResource }) {
      text(
        "\(first.key.cut(60)) is the attribute that takes most: "
          + PercentFormat.share(UInt64(first.bytes), of: UInt64(max(1, storage.recordBytes)))
          + " of the bytes of records. ")
    }
    if conclusions.arrived.isWeighted, let overall = conclusions.arrived.overall {
      text("All traffic, by the weights of the archives: \(EstimateWords.count(overall.requests)) requests.")
    } else {
      text("Give --policy or --sampler to see what a sampling policy would keep, cost and lose.")
    }
  }
}
