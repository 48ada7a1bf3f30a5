/// The words that services, routes and attributes are made of.
enum Vocabulary {
  static let nouns = [
    "orders", "payments", "inventory", "shipments", "products", "searches", "users", "sessions", "carts",
    "prices", "promotions", "reviews", "recommendations", "notifications", "emails", "invoices", "taxes",
    "risks", "rewards", "images", "addresses", "returns", "suppliers", "warehouses",
  ]
  static let domains = [
    "order", "payment", "inventory", "shipping", "catalog", "search", "user", "session", "cart", "pricing",
    "promotion", "review", "recommendation", "notification", "email", "invoice", "tax", "fraud", "loyalty",
    "media", "address", "return", "supplier", "warehouse",
  ]
  static let roles = ["service", "api", "store", "worker", "query", "rules", "sync", "export"]
  static let gateways = ["web-gateway", "mobile-gateway", "partner-gateway", "admin-gateway"]
  static let methods = ["GET", "POST", "GET", "PUT", "GET", "DELETE", "GET", "PATCH"]

  static func serviceName(_ index: Int, gatewayCount: Int) -> String {
    if index < gatewayCount {
      return index < gateways.count ? gateways[index] : "gateway-\(index)"
    }
    let number = index - gatewayCount
    let role = number / domains.count
    let name = domains[number % domains.count]
    return role < roles.count ? "\(name)-\(roles[role])" : "\(name)-\(role)"
  }

  static func noun(_ index: Int, gatewayCount: Int) -> String {
    nouns[index < gatewayCount ? index * 3 % nouns.count : (index - gatewayCount) % nouns.count]
  }

  static func route(noun: String, number: Int) -> String {
    switch number {
    case 0: "/api/v1/\(noun)/{id}"
    case 1: "/api/v1/\(noun)"
    case 2: "/api/v1/\(noun)/{id}/history"
    case 3: "/api/v1/\(noun)/{id}"
    case 4: "/api/v2/\(noun)/by-customer/{id}"
    case 5: "/api/v1/\(noun)/{id}"
    case 6: "/api/v2/\(noun)/summary/{id}"
    default: "/api/v2/\(noun)/{id}/state"
    }
  }

  static func statement(_ number: Int, table: String) -> String {
    switch number {
    case 0: "SELECT id, state, customer_id, total, updated_at FROM \(table) WHERE id = $1"
    case 1:
      "SELECT id, state FROM \(table) WHERE customer_id = $1 AND state <> $2 ORDER BY updated_at DESC LIMIT 50"
    case 2: "UPDATE \(table) SET state = $2, updated_at = now() WHERE id = $1"
    default: "INSERT INTO \(table) (id, customer_id, state, total) VALUES ($1, $2, $3, $4)"
    }
  }

  static func statementVerb(_ number: Int) -> String {
    switch number {
    case 0, 1: "SELECT"
    case 2: "UPDATE"
    default: "INSERT"
    }
  }
}
