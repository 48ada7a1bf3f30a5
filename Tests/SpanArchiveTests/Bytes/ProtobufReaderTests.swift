import SpanArchive
import TestSupport
import Testing

@Suite struct ProtobufReaderTests {
  private func read<Result>(
    _ bytes: [UInt8], isCut: Bool = false, _ body: (inout ProtobufReader) throws -> Result
  ) rethrows -> Result {
    try withText(bytes) { text in
      var reader = ProtobufReader(base: text.base, position: 0, end: text.count, isCut: isCut)
      return try body(&reader)
    }
  }

  @Test("varints of every length are read")
  func varints() throws {
    var random = SeededGenerator(seed: 7)
    for shift in UInt64(0)..<64 {
      let value = random.next() >> shift
      let bytes = ProtobufText.varint(value)
      #expect(try read(bytes) { try $0.varint() } == value)
      for count in 0..<bytes.count {
        #expect(throws: ProtobufFault.self) { try read(Array(bytes[..<count])) { try $0.varint() } }
      }
    }
    let endless = [UInt8](repeating: 0xff, count: 11)
    let fault = #expect(throws: ProtobufFault.self) { try read(endless) { try $0.varint() } }
    #expect(fault?.reason == .malformed)
  }

  @Test("messages are entered and left, with unknown fields in them")
  func messages() throws {
    // 1: { 1: "ab", 9: 5, 2: { 1: 7 } }, 2: 3
    let bytes: [UInt8] = [0x0a, 0x0a, 0x0a, 2, 0x61, 0x62, 0x48, 5, 0x12, 2, 0x08, 7, 0x10, 3]
    try read(bytes) { reader in
      #expect(try reader.nextTag() == 0x0a)
      let outer = try reader.enter()
      #expect(try reader.nextTag() == 0x0a)
      #expect(try reader.bytes().string == "ab")
      let unknown = try #require(try reader.nextTag())
      try reader.skip(unknown)
      #expect(try reader.nextTag() == 0x12)
      _ = try reader.bytes()
      #expect(try reader.nextTag() == nil)
      reader.leave(outer)
      #expect(try reader.nextTag() == 0x10)
      #expect(try reader.varint() == 3)
      #expect(try reader.nextTag() == nil)
    }
  }

  @Test("lengths beyond the message, groups and field 0 are refused")
  func refused() {
    for bytes: [UInt8] in [
      [0x0a, 5, 1], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], [0x0b, 0x0c], [0x0e],
      [0x0f], [0x00, 0x01], [0x09, 1, 2, 3], [0x0d, 1, 2],
    ] {
      #expect(throws: ProtobufFault.self, "\(bytes)") {
        try read(bytes) { reader in
          while let tag = try reader.nextTag() { try reader.skip(tag) }
        }
      }
    }
  }

  @Test("in cut bytes, messages that are whole end as ever, and those that are not end early")
  func cut() throws {
    // 1: { 1: {1: 7}, 1: {1: 8}, … } cut behind the second inner message
    let bytes: [UInt8] = [0x0a, 100, 0x0a, 2, 0x08, 7, 0x0a, 2, 0x08, 8]
    var seen: [UInt64] = []
    let fault = #expect(throws: ProtobufFault.self) {
      try read(bytes, isCut: true) { reader in
        _ = try reader.nextTag()
        _ = try reader.enter()
        while try reader.nextTag() != nil {
          let outer = try reader.enter()
          while try reader.nextTag() != nil { seen.append(try reader.varint()) }
          reader.leave(outer)
        }
      }
    }
    #expect(fault?.reason == .endOfInput)
    #expect(seen == [7, 8])
  }
}
