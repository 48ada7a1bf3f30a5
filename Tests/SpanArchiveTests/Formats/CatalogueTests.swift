import SpanArchive
import TestSupport
import Testing

/// The list of formats and the folder of formats must say the same.
@Suite struct CatalogueTests {
  @Test("every file that holds a format is in the catalogue, in the order that it states")
  func catalogue() throws {
    let folder = Repository.path("Sources/SpanArchive/Formats")
    var found: [String] = []
    for file in Files.names(in: folder) {
      let text = try Files.text(folder + "/" + file)
      for line in text.split(separator: "\n")
      where line.contains(": JSONSpanFormat {") || line.contains(": ProtobufSpanFormat {") {
        guard line.hasPrefix("enum ") else { continue }
        found.append(String(line.dropFirst(5).prefix { $0 != ":" }))
        #expect(file == found[found.count - 1] + ".swift")
      }
    }
    #expect(found.sorted() == FormatCatalogue.names.sorted())
    #expect(FormatCatalogue.isOrdered)
  }
}
