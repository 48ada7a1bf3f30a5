/// Attribute keys that the semantic conventions have renamed or dropped, with what takes their place.
///
/// Derived once from the deprecated entries of the registry of OpenTelemetry semantic conventions 1.44.0 (Apache-2.0,
/// github.com/open-telemetry/semantic-conventions). Left out are keys that only moved to another repository under the
/// same name, and two (`state`, `pool.name`) that are too common as words of somebody's own.
enum RenamedAttributes {
  /// What a key is called now, in words where it is more than one key; empty when it was dropped; nil when it is not
  /// among them.
  static func replacement(of key: String) -> String? { table[key] }

  private static let table: [String: String] = {
    var table: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      table[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return table
  }()

  /// An old key, a blank, and the new one.
  private static let lines = """
    android.state android.app.state
    az.namespace azure.resource_provider.namespace
    az.service_request_id azure.service.request.id
    code.column code.column.number
    code.filepath code.file.path
    code.function code.function.name
    code.lineno code.line.number
    code.namespace code.function.name
    container.cpu.state cpu.mode
    container.labels container.label
    container.runtime container.runtime.name
    db.cassandra.consistency_level cassandra.consistency.level
    db.cassandra.coordinator.dc cassandra.coordinator.dc
    db.cassandra.coordinator.id cassandra.coordinator.id
    db.cassandra.idempotence cassandra.query.idempotent
    db.cassandra.page_size cassandra.page.size
    db.cassandra.speculative_execution_count cassandra.speculative_execution.count
    db.cassandra.table db.collection.name
    db.client.connections.pool.name db.client.connection.pool.name
    db.client.connections.state db.client.connection.state
    db.connection_string server.address and server.port
    db.cosmosdb.client_id azure.client.id
    db.cosmosdb.connection_mode azure.cosmosdb.connection.mode
    db.cosmosdb.consistency_level azure.cosmosdb.consistency.level
    db.cosmosdb.container db.collection.name
    db.cosmosdb.operation_type
    db.cosmosdb.regions_contacted azure.cosmosdb.operation.contacted_regions
    db.cosmosdb.request_charge azure.cosmosdb.operation.request_charge
    db.cosmosdb.request_content_length azure.cosmosdb.request.body.size
    db.cosmosdb.status_code db.response.status_code
    db.cosmosdb.sub_status_code azure.cosmosdb.response.sub_status_code
    db.elasticsearch.cluster.name db.namespace
    db.elasticsearch.node.name elasticsearch.node.name
    db.elasticsearch.path_parts db.operation.parameter
    db.instance.id
    db.jdbc.driver_classname
    db.mongodb.collection db.collection.name
    db.mssql.instance_name
    db.name db.namespace
    db.operation db.operation.name
    db.redis.database_index db.namespace
    db.sql.table db.collection.name
    db.statement db.query.text
    db.system db.system.name
    db.user
    deployment.environment deployment.environment.name
    enduser.role user.roles
    enduser.scope
    error.message
    exception.escaped
    feature_flag.evaluation.error.message feature_flag.error.message
    feature_flag.evaluation.reason feature_flag.result.reason
    feature_flag.provider_name feature_flag.provider.name
    feature_flag.variant feature_flag.result.variant
    gen_ai.completion
    gen_ai.openai.request.response_format gen_ai.output.type
    gen_ai.openai.request.seed gen_ai.request.seed
    gen_ai.openai.request.service_tier openai.request.service_tier
    gen_ai.openai.response.service_tier openai.response.service_tier
    gen_ai.openai.response.system_fingerprint openai.response.system_fingerprint
    gen_ai.prompt
    gen_ai.system gen_ai.provider.name
    gen_ai.usage.completion_tokens gen_ai.usage.output_tokens
    gen_ai.usage.prompt_tokens gen_ai.usage.input_tokens
    http.client_ip client.address
    http.flavor network.protocol.name and network.protocol.version
    http.host server.address, client.address or http.request.header.host
    http.method http.request.method
    http.request_content_length http.request.header.content-length
    http.request_content_length_uncompressed http.request.body.size
    http.response_content_length http.response.header.content-length
    http.response_content_length_uncompressed http.response.body.size
    http.scheme url.scheme
    http.server_name server.address
    http.status_code http.response.status_code
    http.target url.path and url.query
    http.url url.full
    http.user_agent user_agent.original
    ios.state ios.app.state
    k8s.pod.labels k8s.pod.label
    linux.memory.slab.state system.memory.linux.slab.state
    message.compressed_size
    message.id
    message.type
    message.uncompressed_size
    messaging.client_id messaging.client.id
    messaging.destination_publish.anonymous
    messaging.destination_publish.name
    messaging.eventhubs.consumer.group messaging.consumer.group.name
    messaging.kafka.consumer.group messaging.consumer.group.name
    messaging.kafka.destination.partition messaging.destination.partition.id
    messaging.kafka.message.offset messaging.kafka.offset
    messaging.operation messaging.operation.type
    messaging.rocketmq.client_group messaging.consumer.group.name
    messaging.servicebus.destination.subscription_name messaging.destination.subscription.name
    net.host.ip network.local.address
    net.host.name server.address
    net.host.port server.port
    net.peer.ip network.peer.address
    net.peer.name server.address (client spans) or client.address (server spans)
    net.peer.port server.port (client spans) or client.port (server spans)
    net.protocol.name network.protocol.name
    net.protocol.version network.protocol.version
    net.sock.family network.transport and network.type
    net.sock.host.addr network.local.address
    net.sock.host.port network.local.port
    net.sock.peer.addr network.peer.address
    net.sock.peer.name
    net.sock.peer.port network.peer.port
    net.transport network.transport
    otel.library.name otel.scope.name
    otel.library.version otel.scope.version
    peer.service service.peer.name
    process.context_switch_type process.context_switch.type
    process.cpu.state cpu.mode
    process.executable.build_id.profiling process.executable.build_id.htlhash
    process.paging.fault_type system.paging.fault.type
    rpc.connect_rpc.error_code rpc.status_code
    rpc.connect_rpc.request.metadata rpc.request.metadata
    rpc.connect_rpc.response.metadata rpc.response.metadata
    rpc.grpc.request.metadata rpc.request.metadata
    rpc.grpc.response.metadata rpc.response.metadata
    rpc.grpc.status_code rpc.status_code
    rpc.jsonrpc.error_code rpc.status_code
    rpc.jsonrpc.error_message
    rpc.jsonrpc.request_id jsonrpc.request.id
    rpc.jsonrpc.version jsonrpc.protocol.version
    rpc.message.compressed_size
    rpc.message.id
    rpc.message.type
    rpc.message.uncompressed_size
    rpc.response.status_code rpc.status_code
    rpc.service rpc.method
    rpc.system rpc.system.name
    system.cpu.logical_number cpu.logical_number
    system.cpu.state cpu.mode
    system.network.state network.connection.state
    system.paging.type system.paging.fault.type
    system.process.status process.state
    system.processes.status process.state
    tls.client.server_name server.address
    vcs.repository.change.id vcs.change.id
    vcs.repository.change.title vcs.change.title
    vcs.repository.ref.name vcs.ref.head.name
    vcs.repository.ref.revision vcs.ref.head.revision
    vcs.repository.ref.type vcs.ref.head.type
    """
}
