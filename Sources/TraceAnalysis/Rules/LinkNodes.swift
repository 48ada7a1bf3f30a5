package import TraceModel

/// The services among links, to go from one to those that it calls.
///
/// A number and a mark for each symbol, in temporary files where they are many. One thread uses it.
package final class LinkNodes {
  private enum Mark {
    static let called: UInt8 = 1
    static let written: UInt8 = 2
  }

  /// The first link of a service.
  private struct Start: BitwiseCopyable {
    var symbol: UInt32
    var place: Int
  }

  private struct StartOrder: RowOrder {
    func isBefore(_ left: Start, _ right: Start) -> Bool { left.symbol < right.symbol }
  }

  /// By symbols: the place of the first link, and 1; 0 for none.
  private let firsts: Column<Int>
  private var marks: Column<UInt8>

  /// Looks at all links.
  ///
  /// - Complexity: O(*n* log *n*) in the services that call.
  package init(_ links: SortedLinks) {
    var greatest: UInt32 = 0
    // Sorted, so that they are written one after another: pages of files that are written here and there are slow.
    var starts = SortedRuns(in: links.space, StartOrder())
    for place in links.indices {
      if place % SortedLinks.linksInMemory == 0 { links.leaveMemory() }
      let parent = links.parent(at: place)
      greatest = max(greatest, parent.index, links.child(at: place).index)
      if links.isFirstOfParent(place) { starts.add(Start(symbol: parent.index, place: place)) }
    }
    let symbols = Int(greatest) + 1
    var firsts = Column<Int>(zeroes: symbols, in: links.space)
    let sorted = starts.sorted(threads: 1)
    for number in 0..<sorted.count {
      firsts[Int(sorted[number].symbol)] = sorted[number].place + 1
      if number % SortedLinks.linksInMemory == 0 {
        firsts.leaveMemory()
        sorted.leaveMemory()
      }
    }
    self.firsts = firsts
    marks = Column(zeroes: symbols, in: links.space?.forTable(bytes: symbols))
    for place in links.indices {
      if place % SortedLinks.linksInMemory == 0 {
        links.leaveMemory()
        marks.leaveMemory()
      }
      let child = links.child(at: place)
      if child != links.parent(at: place) { marks[Int(child.index)] |= Mark.called }
    }
  }

  /// The place of the first link from a service; nil when it calls nobody.
  package func firstLink(of service: Symbol) -> Int? {
    let first = firsts[Int(service.index)]
    return first > 0 ? first - 1 : nil
  }

  /// True when another service calls it.
  package func isCalled(_ service: Symbol) -> Bool { marks[Int(service.index)] & Mark.called != 0 }

  /// True once it was marked as written.
  package func isWritten(_ service: Symbol) -> Bool { marks[Int(service.index)] & Mark.written != 0 }

  /// Marks it as written.
  package func setWritten(_ service: Symbol) { marks[Int(service.index)] |= Mark.written }

  /// Lets go of the pages of all that is in files.
  package func leaveMemory() {
    firsts.leaveMemory()
    marks.leaveMemory()
  }
}
