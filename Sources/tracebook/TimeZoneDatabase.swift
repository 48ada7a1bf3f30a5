import Glibc
import SpanArchive
import TraceModel

/// Finds time zones by name: in the folder of `TZDIR`, else where systems keep the database.
enum TimeZoneDatabase {
  private static let folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"]

  /// The zone of a name such as `Europe/Berlin`, `UTC` or `+05:30`.
  static func zone(named name: String) throws(TimeZoneError) -> TimeZoneRules {
    if name == "UTC" || name == "Z" { return .utc }
    if let offset = TimeZoneOffset.read(name) {
      return TimeZoneRules(name: offset == 0 ? "UTC" : name, offset: offset)
    }
    guard isName(name) else {
      throw TimeZoneError("\(name) is no time zone; one is called like Europe/Berlin, UTC or +01:00")
    }
    let given = getenv("TZDIR").map { String(cString: $0) }
    let folders = given.map { [$0] } ?? folders
    for folder in folders {
      let path = "\(folder)/\(name)"
      guard WholeFile.start(of: path, count: 4).elementsEqual("TZif".utf8) else { continue }
      do {
        return try TimeZoneFile.rules(try WholeFile.read(path, largest: TimeZoneFile.largest), name: name)
      } catch {
        let reason = (error as? TimeZoneError)?.message ?? (error as? WholeFile.Failure)?.message ?? ""
        throw TimeZoneError("\(path) cannot be used: \(reason)")
      }
    }
    guard let folder = folders.first(where: { access($0, R_OK) == 0 }) else {
      throw TimeZoneError(
        "\(name) is not known, since there is no time zone database in \(folders.joined(separator: ", ")); "
          + "install tzdata, or give the distance from UTC, such as +01:00")
    }
    throw TimeZoneError("\(folder) has no time zone \(name); one is called like Europe/Berlin, UTC or +01:00")
  }

  /// True for what can be a path below the database, and nowhere else.
  private static func isName(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return name.utf8.count <= 64
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0 & 0xdf) || "_+-".utf8.contains($0)
          }
      }
  }
}

/// The clock of the machine, read only where a moment is given relative to it.
enum SystemClock {
  static var now: UnixNanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UnixNanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
