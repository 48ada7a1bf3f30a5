/// Why a report could not be made: a code for programs, a sentence with its remedy for people, and the cause.
public struct ReportError: Error, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Code: String, Sendable {
    /// A page could not be written as markup.
    case markup
    /// The output folder exists, is not empty, and holds no report of ours.
    case foreignFolder
    /// Another run is writing to the same folder.
    case busy
    /// A file or folder could not be read, written or renamed.
    case file
    /// Compression failed.
    case compression
  }

  /// For programs.
  public let code: Code
  /// What happened, in one sentence.
  public let message: String
  /// What to do about it, in one sentence.
  public let remedy: String
  /// What the system said, where it said something.
  public let cause: String?

  init(code: Code, message: String, remedy: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.cause = cause
  }

  /// Message, cause and remedy in one line.
  public var description: String {
    message + (cause.map { " (" + $0 + ")" } ?? "") + " " + remedy
  }
}
