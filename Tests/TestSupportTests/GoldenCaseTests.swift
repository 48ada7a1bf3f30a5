import TestSupport
import Testing

@Suite("Golden cases", .enabled(if: CommandRunner.binary != nil))
struct GoldenCaseTests {
  private func makeCase(_ files: [String: String]) throws -> (GoldenCase, TemporaryFolder) {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    return (GoldenCase(name: "golden-case-test", folder: folder.path), folder)
  }

  @Test("a difference in output or status is told as a diff, and what came out is kept")
  func tellsDifferences() async throws {
    let (golden, folder) = try makeCase(["arguments": "--no-such-option\n", "stdout": "hello\n"])
    let differences = try await golden.differences(isRecording: false)
    #expect(differences.contains { $0.hasPrefix("golden-case-test/stdout differs") && $0.contains("-hello") })
    #expect(differences.contains { $0.hasPrefix("golden-case-test/status differs") && $0.contains("-0") })
    let kept = Repository.path("build/golden-actual/golden-case-test")
    #expect(Files.names(in: kept) == ["status", "stderr", "stdout"])
    Files.remove(kept)
    withExtendedLifetime(folder) {}
  }

  @Test("recording writes the expectations and fails; the next run passes")
  func recordingFails() async throws {
    let (golden, folder) = try makeCase(["arguments": "--help\n"])
    #expect(try await golden.differences(isRecording: true).count == 1)
    #expect(Files.names(in: folder.path) == ["arguments", "stdout"])
    #expect(try await golden.differences(isRecording: false) == [])
  }
}

@Suite("Unified diffs")
struct UnifiedDiffTests {
  @Test("equal texts have no diff")
  func equalTexts() {
    #expect(UnifiedDiff.between(expected: "a\nb\n", actual: "a\nb\n") == "")
  }

  @Test("changed lines are shown with the lines around them")
  func changedLines() {
    let diff = UnifiedDiff.between(expected: "a\nb\nc\nd\ne\n", actual: "a\nb\nX\nd\ne\n")
    #expect(diff == "--- expected\n+++ actual\n@@ line 3 @@\n a\n b\n-c\n+X\n d\n e")
  }

  @Test("a long diff is cut, and says by how much")
  func longDiff() {
    let old = (0..<100).map { "\($0)" }.joined(separator: "\n")
    let diff = UnifiedDiff.between(expected: old, actual: "", limit: 10)
    #expect(diff.hasSuffix("more lines"))
    #expect(diff.split(separator: "\n").count == 11)
  }
}
