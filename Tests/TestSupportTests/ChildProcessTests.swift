import TestSupport
import Testing

@Suite("Running programs")
struct ChildProcessTests {
  @Test("output, errors and status of a program are caught apart")
  func catchesOutput() async throws {
    let result = try await ChildProcess("/bin/sh", ["-c", "echo out; echo err >&2; exit 7"], in: "/tmp").run()
    #expect(result.output == "out\n")
    #expect(result.errorOutput == "err\n")
    #expect(result.status == 7)
    #expect(!result.timedOut)
  }

  @Test("a program runs in the folder and with the input and environment it was given")
  func givesFolderAndInput() async throws {
    let folder = try TemporaryFolder()
    try folder.write("here", "")
    var process = ChildProcess("/bin/sh", ["-c", "ls; cat; echo $GREETING"], in: folder.path)
    process.input = Array("input\n".utf8)
    process.environment = ["GREETING": "hello"]
    #expect(try await process.run().output == "here\ninput\nhello\n")
  }

  @Test("a program that does not end is stopped with its children")
  func stopsAfterTimeout() async throws {
    var process = ChildProcess("/bin/sh", ["-c", "sleep 1000 & sleep 1000"], in: "/tmp")
    process.timeout = .milliseconds(50)
    let result = try await process.run()
    #expect(result.timedOut)
    #expect(result.status == 128 + 9)
  }

  @Test("a program that ends by a signal has 128 more than the signal's number as its status")
  func showsSignals() async throws {
    #expect(try await ChildProcess("/bin/sh", ["-c", "kill -TERM $$"], in: "/tmp").run().status == 128 + 15)
  }

  @Test("a program that is not there is an error that names it")
  func namesMissingProgram() async throws {
    await #expect(throws: TestFailure.self) { try await ChildProcess("/no/such", [], in: "/tmp").run() }
  }

  @Test("more output than a pipe holds does not block")
  func takesMuchOutput() async throws {
    let result = try await ChildProcess("/bin/sh", ["-c", "head -c 300000 /dev/zero"], in: "/tmp").run()
    #expect(result.stdout.count == 300_000)
  }
}
