import TraceAnalysis

#if canImport(Glibc)
  import Glibc
#endif

/// A folder of a history that is provably a night of ours: a real folder named by a date, with a `night.json` that
/// names the same date.
///
/// Only such folders are ever listed, replaced or removed, and only when nothing lies in them but what `night.json`
/// lists: whatever else somebody put there is not ours to take away.
struct NightFolder: Sendable {
  /// Its path.
  let path: String
  /// What it says about itself.
  let summary: NightSummary

  /// The file that makes a folder a night.
  static let mark = "night.json"
  /// A file larger than this is none of ours.
  private static let largestMark = 64 << 20

  /// The night that lies at a path; nil when there is none.
  init?(at path: String, named date: NightDate) {
    guard FileSystem.isRealFolder(path), FileSystem.isRealFile(path + "/" + Self.mark),
      let summary = NightSummary(
        decoding: FileSystem.head(path + "/" + Self.mark, Self.largestMark), named: date)
    else { return nil }
    self.path = path
    self.summary = summary
  }

  /// All nights of a history, by date.
  static func all(in history: String) -> [NightFolder] {
    (FileSystem.names(history) ?? []).compactMap { NightDate($0) }.sorted().compactMap {
      NightFolder(at: "\(history)/\($0)", named: $0)
    }
  }

  /// The path, seen from the folder, of the first thing in it that is none of ours; nil when all is.
  func firstForeign() -> String? {
    let ours = Set(summary.files)
    var folders = [""]
    var index = 0
    while index < folders.count {
      let folder = folders[index]
      index += 1
      for name in (FileSystem.names(path + "/" + folder) ?? []).sorted() {
        let place = folder + name
        if ours.contains(place) || place == Self.mark {
          guard FileSystem.isRealFile(path + "/" + place) else { return place }
        } else if FileSystem.isRealFolder(path + "/" + place),
          summary.files.contains(where: { $0.hasPrefix(place + "/") })
        {
          folders.append(place + "/")
        } else {
          return place
        }
      }
    }
    return nil
  }

  /// Removes the night: first its name in one step, then its files one by one; what is none of ours stays.
  ///
  /// False when something foreign lies in it: then it is kept whole.
  func remove(from history: String) -> Bool {
    guard firstForeign() == nil else { return false }
    let aside = "\(history)/.\(summary.date)\(Self.oldEnding)"
    guard rename(path, aside) == 0 else { return false }
    removeFiles(at: aside)
    // Somebody put something there in this very moment: it goes back to where they put it.
    if FileSystem.kind(aside) != .absent { rename(aside, path) }
    return true
  }

  private func removeFiles(at folder: String) {
    for file in summary.files { unlink(folder + "/" + file) }
    for name in Set(summary.files.compactMap { $0.contains("/") ? $0.prefix { $0 != "/" } : nil }) {
      rmdir(folder + "/" + name)
    }
    // Last, so that a run that is killed before leaves what the next one knows to be ours.
    if FileSystem.names(folder) == [Self.mark] { unlink(folder + "/" + Self.mark) }
    rmdir(folder)
  }

  static let oldEnding = ".tracebook-old"

  /// Clears away what killed runs left in a history; the caller holds its lock.
  static func sweep(_ history: String) {
    for name in FileSystem.names(history) ?? [] where name.hasPrefix(".") {
      let path = history + "/" + name
      let parts = name.dropFirst().split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let date = NightDate(parts[0]) else { continue }
      switch "." + parts[1] {
      case oldEnding:
        if let old = NightFolder(at: path, named: date) { old.removeFiles(at: path) } else { rmdir(path) }
      case SitePublisher.newEnding, SitePublisher.asideEnding:
        if FileSystem.isRealFolder(path) { FileSystem.removeTree(path) }
      case SitePublisher.lockEnding:
        // Whoever would hold it would hold the history's own lock first.
        if FileSystem.isRealFile(path) { unlink(path) }
      default: continue
      }
    }
  }
}
