import Glibc
import TestSupport

/// What the fuzzer feeds, chosen by the environment variable FUZZ_TARGET.
private let chosen: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? FuzzTarget.archive.rawValue
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    print("FUZZ_TARGET must be one of \(names)")
    exit(2)
  }
  return target
}()

/// The function that libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  if let problem = chosen.problem(Array(UnsafeBufferPointer(start: data, count: count))) {
    preconditionFailure(problem)
  }
  return 0
}
