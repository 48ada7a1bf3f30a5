/// Things that figures are kept of and an archive may hold any number of.
enum Subject: Int, CaseIterable {
  case services
  /// Names of spans, by service.
  case operations
  /// Who calls or is called: services, databases, hosts.
  case ends
  /// Pairs of those.
  case links
  /// Groups of failures.
  case failures
  /// Processes and versions of services.
  case instances
  /// Hosts whose clocks differ.
  case hosts
  /// PRODUCER and CONSUMER spans that others may link to.
  case messages

  /// What they are called; written into digests.
  var words: String {
    switch self {
    case .services: "services"
    case .operations: "span names"
    case .ends: "callers and callees"
    case .links: "calls between two services"
    case .failures: "kinds of failures"
    case .instances: "instances of services"
    case .hosts: "hosts with other clocks"
    case .messages: "messages between traces"
    }
  }

  /// What stands for those that are not told apart.
  var rest: String {
    switch self {
    case .services, .ends, .links: "(other services)"
    case .operations: "(other names)"
    case .failures: "(other failures)"
    case .instances: "(other instances)"
    case .hosts: "(other hosts)"
    case .messages: ""
    }
  }
}
