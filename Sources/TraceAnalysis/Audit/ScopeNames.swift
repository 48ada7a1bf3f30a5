/// Tells libraries and agents that instrument by themselves from spans that a program's authors wrote.
///
/// Known by the names that OpenTelemetry's own instrumentation, and libraries that bring their own, give their scopes.
enum ScopeNames {
  private static let prefixes = [
    "io.opentelemetry.", "@opentelemetry/", "opentelemetry.instrumentation.", "opentelemetry-instrumentation",
    "go.opentelemetry.io/contrib/", "go.opentelemetry.io/auto", "go.opentelemetry.io/otel/bridge",
    "opentelemetry::instrumentation::", "opentelemetry.autoinstrumentation", "opentelemetry_",
    "github.com/open-telemetry/", "microsoft.aspnetcore", "system.net.http", "npgsql", "grpc.net.client",
    "azure.", "spring", "org.springframework", "io.micrometer", "io.quarkus", "io.vertx", "istio", "envoy",
    "nginx", "traefik", "github.com/traefik", "otelhttp", "otelgrpc", "java-", "net/http", "proxy",
  ]

  static func isAutomatic(_ name: String) -> Bool {
    let name = name.lowercased()
    return prefixes.contains { name.hasPrefix($0) } || name.contains("/instrumentation/")
  }
}
