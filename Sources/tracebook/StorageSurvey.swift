import SpanArchive
import TraceAnalysis
import TraceModel
import TraceReport

/// Measures what the spans of archives take, before and after packing.
enum StorageSurvey {
  /// Counts all spans, and packs a bounded sample of traces with and without their largest attributes.
  static func measure(_ walk: TraceWalk, threads: Int) -> StorageMeasure {
    let store = walk.store
    var storage = StorageMeasure(walk, threads: threads)
    let packer = PackingMeasure.Packer { trace, reduction, writer in
      var line = OTLPTraceLine(store: store)
      line.reduction = reduction
      line.append(trace, to: &writer)
    } packedSize: { bytes in
      // Nothing is written of it: where zlib gives up the sample counts as not packed.
      (try? GzipWriter.pack(bytes))?.count ?? bytes.count
    }
    storage.packing = PackingMeasure(walk, storage, packer: packer, threads: threads)
    return storage
  }
}
