import TestSupport
import Testing

@testable import TraceReport

@Suite("Publishing a site")
struct SitePublisherTests {
  private func write(_ name: String, _ text: String, _ folder: String) throws {
    try Files.write(Array(text.utf8), to: folder + "/" + name)
  }

  private func publish(_ text: String, to folder: String) throws {
    try SitePublisher.publish(to: folder) { staging in
      try write("report.json", "{\"schemaVersion\":1,\"x\":\"\(text)\"}", staging)
      try write("deep/page.html", text, staging)
    }
  }

  @Test("makes the folder and those above it, and leaves nothing beside it")
  func fresh() throws {
    let place = try TemporaryFolder()
    try publish("one", to: place.path("a/b/site"))
    #expect(try Files.text(place.path("a/b/site/deep/page.html")) == "one")
    #expect(FileSystem.names(place.path("a/b")) == ["site"])
  }

  @Test("replaces an older report whole")
  func replaces() throws {
    let place = try TemporaryFolder()
    try publish("one", to: place.path("site"))
    try write("deep/gone.html", "old", place.path("site"))
    try publish("two", to: place.path("site/"))
    #expect(Files.tree(place.path("site")) == ["deep/page.html", "report.json"])
    #expect(try Files.text(place.path("site/deep/page.html")) == "two")
    #expect(FileSystem.names(place.path) == ["site"])
  }

  @Test("a failing run leaves the published report as it was and nothing beside it")
  func failing() throws {
    let place = try TemporaryFolder()
    try publish("one", to: place.path("site"))
    #expect(throws: TestFailure.self) {
      try SitePublisher.publish(to: place.path("site")) { staging in
        try write("report.json", "half", staging)
        throw TestFailure("stop")
      }
    }
    #expect(try Files.text(place.path("site/deep/page.html")) == "one")
    #expect(FileSystem.names(place.path) == ["site"])
  }

  @Test("refuses a folder that is not ours, a file, and a second run, and touches none of them")
  func refuses() throws {
    let place = try TemporaryFolder()
    try write("other/notes.txt", "mine", place.path)
    try write("file", "mine", place.path)
    for (name, code) in [
      ("other", ReportError.Code.foreignFolder), ("file", .foreignFolder), (".", .foreignFolder),
    ] {
      let error = #expect(throws: ReportError.self) { try publish("x", to: place.path(name)) }
      #expect(error?.code == code)
      #expect(error?.remedy.isEmpty == false)
    }
    #expect(try Files.text(place.path("other/notes.txt")) == "mine")
    let error = #expect(throws: ReportError.self) {
      try SitePublisher.publish(to: place.path("site")) { _ in try publish("second", to: place.path("site")) }
    }
    #expect(error?.code == .busy)
    #expect(FileSystem.names(place.path)?.sorted() == ["file", "other"])
  }

  @Test("what a killed run left is cleared away by the next one")
  func leftovers() throws {
    let place = try TemporaryFolder()
    try write(".site.tracebook-new/deep/old.html", "half", place.path)
    try write(".site.tracebook-lock", "", place.path)
    try publish("one", to: place.path("site"))
    #expect(Files.tree(place.path("site")) == ["deep/page.html", "report.json"])
    #expect(FileSystem.names(place.path) == ["site"])
  }

  @Test("packs bytes that gzip gives back, the same each time", arguments: [0, 1, 100_000])
  func gzip(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let packed = try GzipWriter.pack(bytes)
    #expect(try GzipWriter.pack(bytes) == packed)
    #expect(packed.prefix(10).elementsEqual([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]))
    #expect(try Gzip.decompress(packed) == bytes)
    let pieces = try GzipWriter.pack { take in
      for start in stride(from: 0, to: count, by: 777) {
        try bytes[start..<min(start + 777, count)].withUnsafeBufferPointer { try take($0) }
      }
    }
    #expect(pieces == packed)
    let quickly = try GzipWriter.packQuickly(bytes)
    #expect(try GzipWriter.packQuickly(bytes) == quickly)
    #expect(quickly.prefix(8).elementsEqual([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]))
    #expect(try Gzip.decompress(quickly) == bytes)
  }

  @Test("packs equal bytes to equal bytes wherever in memory that happens")
  func gzipAnywhere() throws {
    // What the text begins with comes again: whether that is seen must not be left to chance.
    let lines = (0..<12).map {
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"n","value":\#($0)}]}}]}"#
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let packed = try GzipWriter.packQuickly(bytes)
    #expect(try Gzip.decompress(packed) == bytes)
    var spacers: [UnsafeMutableRawPointer] = []
    defer { for spacer in spacers { spacer.deallocate() } }
    var others = 0
    for _ in 0..<20_000 {
      if try GzipWriter.packQuickly(bytes) != packed { others += 1 }
      // Never touched, so hardly any memory is taken; the next packer stands elsewhere.
      spacers.append(.allocateSpacer())
    }
    #expect(others == 0)
  }
}

extension UnsafeMutableRawPointer {
  fileprivate static func allocateSpacer() -> Self { .allocate(byteCount: 96 << 10, alignment: 16) }
}
