import TestSupport
import Testing

@Suite("The schema validator")
struct JSONSchemaTests {
  private func faults(_ schema: String, _ document: String, isClosed: Bool = false) throws -> [String] {
    JSONSchema(try JSONValue(parsing: schema)).faults(
      of: try JSONValue(parsing: document), isClosed: isClosed)
  }

  @Test(
    "finds what does not fit, and says where",
    arguments: [
      (#"{"type":"integer"}"#, "1.5", "$: 1.5 is not integer"),
      (#"{"type":["string","null"]}"#, "true", "$: true is not string or null"),
      (#"{"enum":["a","b"]}"#, #""c""#, #"$: "c" is none of the values"#),
      (#"{"const":1}"#, "2", "$: 2.0 is not 1.0"),
      (#"{"minimum":0}"#, "-1", "$: -1.0 is too small"), (#"{"maximum":1}"#, "2", "$: 2.0 is too large"),
      (#"{"pattern":"^[0-9]+$"}"#, #""1a""#, #"$: "1a" is not of the form ^[0-9]+$"#),
      (#"{"required":["a"]}"#, "{}", "$: a is missing"),
      (#"{"properties":{"a":{"items":{"type":"null"}}}}"#, #"{"a":[null,1]}"#, "$.a[1]: 1.0 is not null"),
      (##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"array"}}}"##, "{}", "$: an object is not array"),
      (##"{"$ref":"#/$defs/b"}"##, "{}", "$: #/$defs/b leads nowhere"),
      (#"{"oneOf":[]}"#, "{}", "$: the schema uses oneOf, which is not known"),
    ])
  func fault(schema: String, document: String, expected: String) throws {
    #expect(try faults(schema, document) == [expected])
  }

  @Test("what is not described is a fault only when asked for")
  func closed() throws {
    let schema = #"{"properties":{"a":{"type":"integer","minimum":0}}}"#
    #expect(try faults(schema, #"{"a":1,"b":2}"#) == [])
    #expect(try faults(schema, #"{"a":1,"b":2}"#, isClosed: true) == ["$: b is not described"])
  }
}
