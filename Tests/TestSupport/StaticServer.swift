import FoundationEssentials
import Glibc

/// nginx on the loopback, serving files as `samples/operations/nginx.conf` says.
///
/// Tests that need it are skipped where it is not installed: `.enabled(if: StaticServer.isAvailable)`.
package struct StaticServer: Sendable {
  /// The program, nil when it is not installed.
  package static let program: String? = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Whether nginx is installed.
  package static var isAvailable: Bool { program != nil }

  /// `http://127.0.0.1:8080`
  package let address: String
  private let folder: TemporaryFolder
  private let program: String

  /// Serves the folder that stands for `/srv/tracebook`, hands over the server, and ends it, whatever happens.
  package static func serving(_ root: String, _ body: (StaticServer) async throws -> Void) async throws {
    guard let program else { throw TestFailure("nginx is not installed") }
    let folder = try TemporaryFolder()
    let port = try freePort()
    let sample = try Files.text(Repository.path("samples/operations/nginx.conf"))
      .replacing("root /srv/tracebook;", with: "root \(root);")
      .replacing("listen 8080;", with: "listen 127.0.0.1:\(port);")
    // As root, nginx would read the files as another user, who may not enter a temporary folder.
    let user = getuid() == 0 ? "user root;\n" : ""
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
      "\($0)_temp_path \(folder.path($0));"
    }.joined(separator: "\n")
    try folder.write(
      "nginx.conf",
      """
      \(user)pid \(folder.path("nginx.pid"));
      error_log \(folder.path("error.log"));
      events {}
      http {
      access_log off;
      \(places)
      \(sample)
      }
      """)
    let server = StaticServer(address: "http://127.0.0.1:\(port)", folder: folder, program: program)
    try await server.run("-t")
    try await server.run()
    do {
      try await body(server)
    } catch {
      try? await server.run("-s", "stop")
      throw error
    }
    try await server.run("-s", "stop")
  }

  private func run(_ more: String...) async throws {
    let arguments =
      ["-p", folder.path, "-c", folder.path("nginx.conf"), "-e", folder.path("error.log")] + more
    let result = try await ChildProcess(program, arguments, in: folder.path).run()
    if result.status != 0 { throw TestFailure("nginx: \(result.errorOutput)") }
  }

  /// A port that nobody listens at.
  private static func freePort() throws -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw TestFailure("no socket can be made") }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(socket, address, length) == 0, getsockname(socket, address, &length) == 0 else {
          return nil
        }
        return pointer.pointee.sin_port.bigEndian
      }
    }
    guard let port else { throw TestFailure("no port is free") }
    return port
  }
}
