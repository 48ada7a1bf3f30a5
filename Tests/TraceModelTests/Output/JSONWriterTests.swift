import Synchronization
import Testing
import TraceModel

@Suite("JSON in pieces")
struct JSONWriterTests {
  private static func write(_ count: Int, to writer: inout JSONWriter) {
    writer.array { writer in
      for number in 0..<count {
        writer.object { writer in
          writer.key("number")
          writer.integer(number)
        }
        writer.endPiece()
      }
    }
    writer.endLine()
  }

  @Test("given up at the ends of pieces, they are together what one writer keeps")
  func pieces() {
    var whole = JSONWriter()
    Self.write(20_000, to: &whole)
    let taken = Mutex<[[UInt8]]>([])
    var parted = JSONWriter { piece in taken.withLock { $0.append(piece) } }
    Self.write(20_000, to: &parted)
    let pieces = taken.withLock(\.self)
    #expect(pieces.count >= 3 && pieces.allSatisfy { $0.count < 70_000 })
    #expect(parted.bytes.count < 70_000)
    #expect(pieces.flatMap(\.self) + parted.bytes == whole.bytes)
  }
}
