/// Why a JSON value could not be read.
package enum JSONFaultReason: Equatable {
  /// The bytes end inside the value.
  case endOfInput
  /// The bytes are no JSON; says what was expected.
  case malformed(StaticString)
  /// Nested deeper than the limit.
  case tooDeep
  /// The value is JSON of another form than its reader takes.
  case wrongForm

  package static func == (left: JSONFaultReason, right: JSONFaultReason) -> Bool {
    switch (left, right) {
    case (.endOfInput, .endOfInput), (.tooDeep, .tooDeep), (.wrongForm, .wrongForm), (.malformed, .malformed):
      true
    default: false
    }
  }
}

/// What went wrong and where, relative to the reader's first byte.
package struct JSONFault: Error {
  package var reason: JSONFaultReason
  package var position: Int

  /// The reason as a piece of a sentence.
  package var explanation: String {
    switch reason {
    case .endOfInput: "it ends early"
    case .malformed(let expected): "\(expected) expected"
    case .tooDeep: "it is nested too deeply"
    case .wrongForm: "it has an unexpected form"
    }
  }
}
