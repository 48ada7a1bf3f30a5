import CTemplates

/// The files of `templates/`, as they lie in the binary.
package enum EmbeddedFiles {
  package static let page = bytes(tracebook_page_html())
  package static let icons = bytes(tracebook_icons_svg())

  static func bytes(_ file: tracebook_file) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.size))
  }
}
