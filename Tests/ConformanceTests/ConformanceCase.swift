import FoundationEssentials
import TestSupport
import Testing

/// One case of the conformance collection that lies beside the repository.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  /// The folder of the case, which holds its input and `expected.json`.
  let folder: String
  /// The name of the case within its family.
  let name: String
  /// What upstream answers, with the command that is to give the same.
  let expected: JSONValue

  var testDescription: String { name }

  /// What is compared.
  var expect: JSONValue { expected["expect"] }

  /// False for cases that are there for information.
  var isScored: Bool { expected["scored"] != false }

  /// The arguments of the command, the subcommand first.
  func command(_ key: String = "command") -> [String] { expected[key].elements.compactMap(\.text) }

  /// Whether the collection is there; tests are skipped when it is not.
  static var isPresent: Bool { Reach.has("conformance") }

  /// The scored cases of a family by name, none when the collection is absent.
  static func family(_ family: String) -> [ConformanceCase] {
    guard let folder = Reach.path("conformance/" + family),
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return [] }
    return names.sorted().compactMap { name in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)/expected.json"),
        let expected = try? JSONValue(parsing: Array(data))
      else { return nil }
      let found = ConformanceCase(folder: "\(folder)/\(name)", name: name, expected: expected)
      return found.isScored ? found : nil
    }
  }
}
