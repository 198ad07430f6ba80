"""durable_rules behind a gate, sentinels and a lock."""
