import FoundationEssentials

/// A headless Chromium with one page, for tests that must see what a reader sees.
///
/// Each instance has a profile of its own that is thrown away. Tests are skipped where there is no Chromium:
/// `.enabled(if: Chromium.isAvailable)`.
package final class Chromium: Sendable {
  /// How a page is looked at.
  package struct View: Sendable, CustomStringConvertible {
    package var width: Int
    package var height: Int
    package var isDark: Bool
    package var runsScripts: Bool

    package init(width: Int = 1280, height: Int = 900, isDark: Bool = false, runsScripts: Bool = true) {
      self.width = width
      self.height = height
      self.isDark = isDark
      self.runsScripts = runsScripts
    }

    package var description: String {
      "\(width) px, \(isDark ? "dark" : "light"), \(runsScripts ? "with" : "without") scripts"
    }
  }

  /// The program, nil when it is not installed.
  package static let program: String? =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Whether tests that need a browser can run.
  package static var isAvailable: Bool { program != nil }

  private let connection: BrowserConnection
  private let session: String

  /// Runs a body with a browser and ends the browser after it, whatever happens.
  package static func withBrowser(_ body: (Chromium) async throws -> Void) async throws {
    guard let program else { throw TestFailure("Chromium is not installed") }
    await ProcessSlots.shared.take()
    do {
      let connection = try BrowserConnection(program: program)
      do {
        try await body(try await Chromium(connection))
      } catch {
        await connection.close()
        throw error
      }
      await connection.close()
    } catch {
      await ProcessSlots.shared.release()
      throw error
    }
    await ProcessSlots.shared.release()
  }

  private init(_ connection: BrowserConnection) async throws {
    self.connection = connection
    let target = try await connection.send("Target.createTarget", ["url": "about:blank"])
    let attached = try await connection.send(
      "Target.attachToTarget", ["targetId": target["targetId"], "flatten": true])
    session = attached["sessionId"].text ?? ""
    // A dialog would stop the page until somebody closes it; none is ever wanted, so it becomes a fault.
    let quiet = "window.alert = window.confirm = window.prompt = text => console.error('dialog: ' + text)"
    try await send("Page.addScriptToEvaluateOnNewDocument", ["source": .text(quiet)])
    for domain in ["Page", "Runtime", "Log", "Network"] { try await send("\(domain).enable") }
  }

  /// Opens the page of a file and returns what went wrong in it: script errors, console errors, requests that
  /// failed or went to a host.
  package func open(file path: String, view: View = View()) async throws -> [String] {
    try await open(URL(filePath: path).absoluteString, view: view)
  }

  /// Opens an address and returns what went wrong in it.
  package func open(_ address: String, view: View = View()) async throws -> [String] {
    try await send(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .number(Double(view.width)), "height": .number(Double(view.height)), "deviceScaleFactor": 1,
        "mobile": false,
      ])
    try await send(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": .text(view.isDark ? "dark" : "light")]]])
    try await send("Emulation.setScriptExecutionDisabled", ["value": .boolean(!view.runsScripts)])
    _ = await connection.takeEvents()
    let answer = try await send("Page.navigate", ["url": .text(address)])
    if let failure = answer["errorText"].text { return ["\(address): \(failure)"] }
    try await connection.waitForEvent("Page.loadEventFired")
    // One round trip more, so that what the load handlers report has arrived.
    _ = try await evaluate("1")
    return await connection.takeEvents().compactMap(Self.fault)
  }

  /// The value of a script expression in the page, as JSON would carry it.
  package func evaluate(_ expression: String) async throws -> JSONValue {
    let answer = try await send(
      "Runtime.evaluate", ["expression": .text(expression), "returnByValue": true, "awaitPromise": true])
    if answer["exceptionDetails"] != .null {
      throw TestFailure(
        "\(expression): \(answer["exceptionDetails"]["exception"]["description"].text ?? "failed")")
    }
    return answer["result"]["value"]
  }

  /// The page as it stands after its scripts ran.
  package func dumpDOM() async throws -> String {
    try await evaluate("document.documentElement.outerHTML").text ?? ""
  }

  /// A picture of the window, as PNG.
  package func screenshot() async throws -> [UInt8] {
    let answer = try await send("Page.captureScreenshot", ["format": "png"])
    guard let text = answer["data"].text, let data = Data(base64Encoded: text) else { return [] }
    return [UInt8](data)
  }

  /// Presses and releases a key with the page in focus, such as `Tab` or `Enter`.
  package func press(_ key: String) async throws {
    for type in ["keyDown", "keyUp"] {
      try await send("Input.dispatchKeyEvent", ["type": .text(type), "key": .text(key), "code": .text(key)])
    }
  }

  @discardableResult
  private func send(_ method: String, _ parameters: JSONValue = [:]) async throws -> JSONValue {
    try await connection.send(method, parameters, session: session)
  }

  /// What an event tells of trouble, nil when it tells of none.
  private static func fault(_ event: JSONValue) -> String? {
    let parameters = event["params"]
    switch event["method"].text {
    case "Runtime.exceptionThrown":
      let details = parameters["exceptionDetails"]
      return "exception: " + (details["exception"]["description"].text ?? details["text"].text ?? "?")
    case "Runtime.consoleAPICalled"
    where ["error", "warning", "assert"].contains(parameters["type"].text ?? ""):
      return "console: " + parameters["args"].elements.map { $0["value"].text ?? "?" }.joined(separator: " ")
    case "Log.entryAdded" where parameters["entry"]["level"].text == "error":
      return "log: " + (parameters["entry"]["text"].text ?? "?") + " "
        + (parameters["entry"]["url"].text ?? "")
    case "Network.requestWillBeSent":
      let address = parameters["request"]["url"].text ?? ""
      return address.hasPrefix("file:") || address.hasPrefix("data:") || address.hasPrefix("about:")
        || address.hasPrefix("blob:")
        ? nil : "request to \(address)"
    case "Network.loadingFailed":
      return "failed request: " + (parameters["errorText"].text ?? "?")
    default: return nil
    }
  }
}
