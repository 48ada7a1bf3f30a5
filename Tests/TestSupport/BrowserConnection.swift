import FoundationEssentials
import Glibc

/// Talks to a running Chromium: one JSON message after another, each ended by a zero byte, over a pair of pipes.
actor BrowserConnection {
  private let process: pid_t
  private let toBrowser: Int32
  private let fromBrowser: Int32
  /// Holds the browser's files; they are removed with it.
  private let profile: TemporaryFolder
  private var received: [UInt8] = []
  private var lastID = 0
  /// Messages that answer nothing: what happened in the page, in order.
  private var events: [JSONValue] = []

  init(program: String) throws {
    profile = try TemporaryFolder()
    var (down, up): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&down) == 0, pipe(&up) == 0 else { throw TestFailure("no pipe") }
    for descriptor in down + up { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--hide-scrollbars",
      "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe",
      "--user-data-dir=\(profile.path)/profile",
    ]
    let child = ChildProcess(program, arguments, in: profile.path)
    process = try child.spawn(
      files: [0: "/dev/null", 1: "/dev/null", 2: "/dev/null"],
      descriptors: [(theirs: 3, ours: down[0]), (theirs: 4, ours: up[1])])
    Glibc.close(down[0])
    Glibc.close(up[1])
    toBrowser = down[1]
    fromBrowser = up[0]
    _ = fcntl(fromBrowser, F_SETFL, O_NONBLOCK)
  }

  /// Sends a command and returns the result that answers it.
  func send(_ method: String, _ parameters: JSONValue = [:], session: String? = nil) async throws -> JSONValue
  {
    lastID += 1
    let id = JSONValue.number(Double(lastID))
    var message: [String: JSONValue] = ["id": id, "method": .text(method), "params": parameters]
    if let session { message["sessionId"] = .text(session) }
    try write([UInt8](JSONEncoder().encode(JSONValue.object(message))) + [0])
    let answer = try await nextMessage { $0["id"] == id }
    if answer["error"] != .null {
      throw TestFailure("Chromium refuses \(method): \(answer["error"]["message"].text ?? "no reason given")")
    }
    return answer["result"]
  }

  /// Waits until an event of this name has come.
  func waitForEvent(_ method: String) async throws {
    if events.contains(where: { $0["method"].text == method }) { return }
    _ = try await nextMessage { $0["method"].text == method }
  }

  /// The events so far; they are forgotten here.
  func takeEvents() -> [JSONValue] {
    defer { events = [] }
    return events
  }

  /// Ends the browser and waits until it is gone, so that its files can be removed.
  func close() async {
    kill(-process, SIGKILL)
    _ = await ChildProcess.wait(for: process, timeout: .seconds(10))
    Glibc.close(toBrowser)
    Glibc.close(fromBrowser)
  }

  private func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(toBrowser, $0.baseAddress, $0.count) }
      if count <= 0 { throw TestFailure("Chromium does not listen any more") }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads messages up to the first that is wanted; the others are kept as events.
  private func nextMessage(where isWanted: (JSONValue) -> Bool) async throws -> JSONValue {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      while let end = received.firstIndex(of: 0) {
        let message = try JSONValue(parsing: Array(received[..<end]))
        received.removeSubrange(...end)
        if message["id"] == .null { events.append(message) }
        if isWanted(message) { return message }
      }
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(fromBrowser, &piece, piece.count)
      if count > 0 {
        received += piece.prefix(count)
      } else if count == 0 {
        throw TestFailure("Chromium ended")
      } else if ContinuousClock.now > deadline {
        throw TestFailure("Chromium does not answer")
      } else {
        try await Task.sleep(for: .milliseconds(2))
      }
    }
  }
}
