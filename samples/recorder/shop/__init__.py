"""A small shop whose services call each other over HTTP and report OpenTelemetry spans."""
