import TraceAnalysis
import TraceModel

/// What the search over nights knows before it loads anything: nights, newest first, with their services and parts.
///
///     {"nights":[{"name":"2026-11-21","traces":9,"services":["…"],"parts":[[first,last,longest,count,failing],…]},…]}
///
/// Moments are whole milliseconds since 1970, lengths whole microseconds. Names are cut as they are in the parts.
enum HistoryManifest {
  static func document(_ view: HistoryView) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.array("nights", view.nights.reversed()) { json, night in
        json.object { json in
          json.field("name", night.date.description)
          json.field("traces", night.searchedTraces)
          json.array("services", night.services.map(\.name)) { json, name in
            json.string(VisibleText.plain(name, limit: SearchShards.longestText))
          }
          json.array("parts", night.shards) { json, shard in
            json.array { json in
              json.integer(shard.first.rawValue / 1_000_000)
              json.integer(shard.last.rawValue / 1_000_000)
              json.integer(shard.longest.rawValue / 1_000)
              json.integer(shard.count)
              json.integer(shard.failing)
            }
          }
        }
      }
    }
    return json.bytes
  }
}

extension VisibleText {
  /// A text as programs hand it on that show it: with nothing invisible left in it.
  static func plain(_ text: String, limit: Int = .max) -> String {
    let out = ByteBuilder()
    var text = text
    text.withUTF8 { append($0, to: out, in: .plain, limit: limit) }
    return String(decoding: out.bytes, as: UTF8.self)
  }
}
