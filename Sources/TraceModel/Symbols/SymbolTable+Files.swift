/// Texts that are in temporary files, and are looked for there.
extension SymbolTable {
  /// True when all but the first texts are in temporary files.
  var isInFiles: Bool { files != nil }

  /// Puts lone texts into temporary files: nobody looks for them.
  mutating func moveLoneTextsToFiles(in space: SpillSpace) { lone.moveToFiles(in: space) }

  /// Puts entries and the texts to come into temporary files, where they are found as before, only later.
  ///
  /// Slots and texts stay in memory: what comes often came early, as a rule.
  package mutating func moveToFiles(in space: SpillSpace) {
    guard files == nil, let places = PlaceFile(in: space) else { return }
    files = TextFiles(space: space, places: places)
    entries.moveToFile(in: space)
  }

  /// Lets go of the pages of all that is in files.
  package func leaveMemory() {
    lone.leaveMemory()
    guard files != nil else { return }
    entries.leaveMemory()
    for chunk in chunks { chunk.leaveMemory() }
  }

  /// Has pages that readers of texts touch be let go of whenever there are many. No text is added afterwards.
  mutating func watchReadings(in space: SpillSpace) {
    let readings = FileReadings(in: space)
    for chunk in chunks + lone.chunks { chunk.mappedBytes.map { readings.add(chunk.base, byteCount: $0) } }
    readings.add(entries)
    self.readings = readings
  }

  /// The bytes of a symbol, where readings are counted.
  @usableFromInline @inline(never)
  func readBytes(_ symbol: Symbol) -> UnsafeBufferPointer<UInt8> {
    let bytes = bytes(whileReading: symbol)
    guard let readings, let base = bytes.baseAddress else { return bytes }
    var areTooMany = readings.areTooMany(with: base, byteCount: bytes.count)
    if !symbol.isLone, let entry = entries.address(of: Int(symbol.index)) {
      areTooMany = readings.areTooMany(with: entry, byteCount: 1) || areTooMany
    }
    // Pages come back as they are touched.
    if areTooMany { leaveMemory() }
    return bytes
  }

  /// The symbol of a text that is here; what touches many pages of files lets go of them now and then.
  @inline(__always)
  mutating func met(_ symbol: Symbol, _ count: Int) -> Symbol {
    if count > SpillSpace.shortText { comparedBytes &+= count }
    if isInFiles { noteTouch(of: symbol) }
    return symbol
  }

  @inline(never)
  private func noteTouch(of symbol: Symbol) {
    guard let files else { return }
    let place = entries.address(of: Int(symbol.index))
    let text = entries[Int(symbol.index)].text
    if files.touched.areTooMany(with: place) || files.touched.areTooMany(with: text) { leaveMemory() }
  }

  /// Where a text is among those that came when slots were full.
  ///
  /// Of millions of texts many have the hash of another one: what is compared with them counts as touched, too.
  @inline(never)
  func places(
    _ files: TextFiles, of text: UnsafePointer<UInt8>, _ count: Int, _ hash: TextHash
  ) -> PlaceFile.Outcome {
    files.places.search(hash.rawValue) { number in
      if readings == nil { noteTouch(of: Symbol(number)) }
      let known = bytes(Symbol(number))
      guard known.count == count, let base = known.baseAddress else { return false }
      return Self.areEqual(base, text, count)
    }
  }
}
