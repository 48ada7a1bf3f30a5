import CTemplates

/// A part of a page's style and script that some kinds of pages need and others do not.
///
/// Its files lie in `templates/style` and `templates/script`. Parts are embedded in the order in which they stand here,
/// and after what all pages have; a later rule wins over an earlier one, as in any style sheet.
package enum PagePart: CaseIterable, Sendable {
  /// Plots, their keys, and what stands beside them.
  case charts
  /// The list of findings, and the table of services with its small pictures.
  case findings
  /// Fields to search by, and what is written in them.
  case fields
  /// Searching the rows of a table.
  case rows
  /// Searching the nights of a history, whose files it loads.
  case nights
  /// The waterfall and the panels of its spans.
  case waterfall
  case errors
  case latency
  /// The picture of who calls whom.
  case graph
  /// The matrix and the trees of calls.
  case dependencies
  case sampling

  private var style: tracebook_file? {
    switch self {
    case .charts: tracebook_style_charts()
    case .findings: tracebook_style_findings()
    case .fields: tracebook_style_fields()
    case .waterfall: tracebook_style_waterfall()
    case .errors: tracebook_style_errors()
    case .latency: tracebook_style_latency()
    case .graph: tracebook_style_graph()
    case .dependencies: tracebook_style_dependencies()
    case .sampling: tracebook_style_sampling()
    case .rows, .nights: nil
    }
  }

  private var script: tracebook_file? {
    switch self {
    case .fields: tracebook_script_terms()
    case .rows: tracebook_script_rows()
    case .nights: tracebook_script_nights()
    case .waterfall: tracebook_script_waterfall()
    default: nil
    }
  }

  /// The style sheet of a page with some parts: what all pages have, the parts, and what must come last.
  ///
  /// - Complexity: O(*n*) in its bytes.
  package static func style(of parts: [PagePart]) -> [UInt8] {
    let files =
      [tracebook_style_base(), tracebook_style_inks()]
      + allCases.filter(parts.contains).compactMap(\.style) + [tracebook_style_print()]
    return CompactText.style(files.flatMap(EmbeddedFiles.bytes))
  }

  /// The script of a page with some parts, as one function.
  ///
  /// - Complexity: O(*n*) in its bytes.
  package static func script(of parts: [PagePart]) -> [UInt8] {
    let files = [tracebook_script_base()] + allCases.filter(parts.contains).compactMap(\.script)
    return Array("(() => {\n\"use strict\";\n".utf8) + CompactText.script(files.flatMap(EmbeddedFiles.bytes))
      + Array("})();".utf8)
  }
}
