package import TraceAnalysis

/// The service graph as an SVG file of its own.
package enum GraphPicture {
  /// The picture, with its style in it and without links; it follows the reader's light or dark theme.
  ///
  /// - Complexity: that of the layout, which is made for graphs of up to about 60 nodes.
  package static func svg(_ conclusions: Conclusions) throws -> [UInt8] {
    let context = ReportContext(conclusions: conclusions, tracesWithPage: [], options: ReportOptions())
    let page = Page(.dependencies, in: context)
    page.serviceGraphPicture(ServiceGraph(of: context), label: "Service graph", isOwnFile: true)
    return try page.markup.finish().bytes
  }
}
