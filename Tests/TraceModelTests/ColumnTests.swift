import TestSupport
import Testing

@testable import TraceModel

@Suite("Columns")
struct ColumnTests {
  private static func element(_ number: Int) -> UInt64 { UInt64(number) &* 0x9e37_79b9_7f4a_7c15 }

  @Test(
    "over a file they hold what was added, one by one or in blocks, before what was added earlier is let go of and after"
  )
  func files() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    var column = Column<UInt64>()
    for number in 0..<100 { column.append(Self.element(number)) }
    column.moveToFile(in: space)
    let isInFile = column.isInFile
    #expect(isInFile)
    // Three times what is added between two lettings go, and a block that is larger than that.
    let added = 3 * SpillSpace.bytesAdded / 8
    for number in 100..<added { column.append(Self.element(number)) }
    let block = (added..<2 * added).map(Self.element)
    block.withUnsafeBufferPointer { column.append(contentsOf: $0) }
    column.append(Self.element(2 * added))
    #expect(space.failure == nil)
    #expect(column.elements.elementsEqual((0...2 * added).map(Self.element)))
    column.truncate(to: 50)
    column.append(7)
    #expect(column.elements.elementsEqual((0..<50).map(Self.element) + [7]))
  }

  @Test("elements are the same once they are moved to a file, be they fewer than are copied at once or more")
  func moved() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    let copied = SpillSpace.bytesAdded / 8
    for count in [0, 1, copied - 1, copied, copied + 1, 3 * copied + 5] {
      var column = Column<UInt64>()
      for number in 0..<count { column.append(Self.element(number)) }
      column.moveToFile(in: space)
      column.append(7)
      let isInFile = column.isInFile
      #expect(isInFile && column.elements.elementsEqual((0..<count).map(Self.element) + [7]))
    }
  }

  @Test("texts go to files once they take what they may, and have the numbers that they have in memory")
  func boundTexts() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    var bound = SymbolTable()
    bound.bound = TextBound(space: space, bytes: 2 << 20)
    var free = SymbolTable()
    // Each comes twice, the second time when others are in files.
    let texts = (0..<200_000).map { "text \($0 % 100_000)" }
    let numbers = texts.map { bound.intern($0) }
    #expect(numbers == texts.map { free.intern($0) })
    let (isInFiles, isFreeInFiles) = (bound.isInFiles, free.isInFiles)
    #expect(isInFiles && !isFreeInFiles && space.failure == nil)
    #expect(bound.count == free.count)
    for number in stride(from: 0, to: 100_000, by: 997) {
      let text = "text \(number)"
      let (found, known) = (bound.find(text), free.find(text))
      #expect(found == known && found.map { bound.text($0) } == text)
    }
  }

  @Test("texts over files are found after those before them were let go of")
  func texts() throws {
    let folder = try TemporaryFolder()
    let space = SpillSpace(folder: folder.path, budget: 1 << 20)
    var table = SymbolTable()
    table.moveToFiles(in: space)
    // Some 12 MB, in pieces of 2 MB; one text needs several of them.
    let texts =
      (0..<3_000).map { String(repeating: "\($0) ", count: 800) } + [String(repeating: "x", count: 5 << 20)]
    let symbols = texts.map { table.intern($0) }
    for (text, symbol) in zip(texts, symbols) {
      let (found, known) = (table.text(symbol), table.find(text))
      #expect(found == text && known == symbol)
    }
    #expect(Set(symbols.map(\.index)).count == texts.count)
  }
}
