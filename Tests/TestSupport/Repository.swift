import FoundationEssentials

/// Places that tests read from and write to, found from where this file was compiled.
package enum Repository {
  /// The folder that holds `Package.swift`, without a trailing slash.
  package static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// A path below the root.
  package static func path(_ relative: String) -> String {
    root + "/" + relative
  }
}

/// Test data that lies beside the repository and may be absent: tests that read it are skipped then.
package enum Reach {
  /// The path of something in the shared folder, nil when it is not there.
  package static func path(_ relative: String) -> String? {
    let path = Repository.path("../shared/" + relative)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Whether something is in the shared folder, for `.enabled(if:)`.
  package static func has(_ relative: String) -> Bool {
    path(relative) != nil
  }
}
