/// The version of the program, as `--version` prints it and reports name it.
enum ProgramVersion {
  static let text = "0.1.0"
}
