/// Where the texts of a symbol table go that do not fit into memory, and what finds them there.
final class TextFiles {
  let space: SpillSpace
  /// The numbers of texts that came when slots were full, by their hashes.
  let places: PlaceFile
  /// What was touched of entries and texts since they were let go of.
  var touched: TouchedRegions

  init(space: SpillSpace, places: PlaceFile) {
    self.space = space
    self.places = places
    touched = TouchedRegions(in: space)
  }
}

/// How many bytes the texts of a symbol table may take in memory, and where they go beyond.
struct TextBound {
  let space: SpillSpace
  let bytes: Int
}
