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

/// The function that libFuzzer calls with every input.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  if let problem = chosen.problem(Array(UnsafeBufferPointer(start: data, count: count))) {
    // Printed, because an optimised program drops the message of a failed precondition.
    print(problem)
    fflush(nil)
    abort()
  }
  return 0
}

/// libFuzzer, whose own main program is not taken: the package manager gives main the name below.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// With FUZZ_SEEDS the program only writes pieces of the samples into that folder.
@_cdecl("Fuzz_main")
public func begin(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  guard let folder = getenv("FUZZ_SEEDS") else {
    var (count, arguments) = (count, arguments)
    return runFuzzer(&count, &arguments, fuzz)
  }
  do {
    try FuzzSeeds.write(into: String(cString: folder))
    return 0
  } catch {
    print("Seeds cannot be written: \(error)")
    return 2
  }
}
